package io.onlink.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rubbish from a fixed seed gives a configuration or problems, and nothing else ever. */
class GarbageTest {
    private static final int ROUNDS = 1500;
    private static final String[] PIECES = {
        "subnet",
        "mtu",
        "seed",
        ":",
        ": ",
        "- ",
        "\n",
        "\n  ",
        "[",
        "]",
        "{",
        "}",
        ",",
        "#",
        "&a",
        "*a",
        "!!str ",
        "!!int ",
        "|",
        ">",
        "'",
        "\"",
        "%YAML 1.1",
        "---",
        "...",
        "? ",
        "10.42.1.0/24",
        "1480",
        "null",
        "~",
        "\t",
        "<<",
        "\u00e9",
        "\\x",
        "\0",
        "\ufeff",
        "=",
        "--",
        "--mtu",
        "--subnet",
        "-",
        " ",
        "\ud83d\ude00"
    };

    @TempDir
    Path directory;

    @Test
    void rubbishInTheFileIsReported() {
        Random random = new Random(5114);
        for (int i = 0; i < ROUNDS; i++) {
            String text = pieces(random, 40);
            assertReported(new Reading(directory).file(text), text);
        }
    }

    @Test
    void aFileWithAnyByteChangedIsReadOrReported() {
        Random random = new Random(5115);
        String good = "subnet: [10.42.1.0/24, \"10.42.2.0/24\"]\nmtu: 1480\nseed:\n  - b\n  - 'c:5114'\n";
        for (int i = 0; i < ROUNDS; i++) {
            byte[] bytes = good.getBytes(StandardCharsets.UTF_8);
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            assertReported(new Reading(directory).file(bytes), new String(bytes, StandardCharsets.ISO_8859_1));
        }
    }

    @Test
    void rubbishInFlagsAndEnvironmentIsReported() {
        Random random = new Random(5116);
        Setting[] settings = Setting.values();
        for (int i = 0; i < ROUNDS; i++) {
            List<String> flags = new ArrayList<>();
            for (int n = random.nextInt(6); n > 0; n--) {
                String flag = settings[random.nextInt(settings.length)].flag();
                flags.add((random.nextBoolean() ? flag : "") + pieces(random, 5));
            }
            Setting setting = settings[random.nextInt(settings.length)];
            Reading reading = new Reading(directory).flags(flags).variable(setting.variable(), pieces(random, 5));
            assertReported(reading, flags.toString());
        }
    }

    /** Whatever is thrown but BadConfig fails the test by itself. */
    private static void assertReported(Reading reading, String given) {
        assertThat(reading.problems())
                .as(given)
                .allSatisfy(line -> assertThat(line).matches("[\\x20-\\x7e]+ \\([\\x20-\\x7e]+\\)"));
    }

    private static String pieces(Random random, int most) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(most); n > 0; n--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }
}
