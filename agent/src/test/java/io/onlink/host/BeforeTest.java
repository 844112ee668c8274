package io.onlink.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BeforeTest {
    private static final String FORWARD = "sysctl net/ipv4/ip_forward";

    @TempDir
    private Path directory;

    private Path file() {
        return directory.resolve("before");
    }

    @Test
    void theEarliestNoteCountsOverARestart() {
        Before.in(directory).note(FORWARD, "0");
        Before again = Before.in(directory);
        again.note(FORWARD, "1");
        assertThat(Before.in(directory).of(FORWARD)).contains("0");
    }

    @Test
    void aThingThatIsAnotherNowIsNotedAnew() {
        Before.in(directory).noteAnew("made mybr0", "7");
        Before.in(directory).noteAnew("made mybr0", "9");
        assertThat(Before.in(directory).of("made mybr0")).contains("9");
    }

    @Test
    void notesOfAnotherBootOrNamespaceCountForNothing() throws IOException {
        Before.in(directory).note(FORWARD, "0");
        Files.writeString(file(), Files.readString(file()).replaceFirst("here = .", "here = x"));
        assertThat(Before.in(directory).all()).isEmpty();
    }

    @Test
    void aTornOrForeignFileIsIgnored() throws IOException {
        for (String text : new String[] {"", "\0\0\0", "here = ", "no note", "x".repeat(70_000)}) {
            Files.writeString(file(), text);
            assertThat(Before.in(directory).all()).isEqualTo(Map.of());
        }
    }

    @Test
    void whatIsPutBackIsForgotten() {
        Before before = Before.in(directory);
        before.note(FORWARD, "0");
        before.forget();
        assertThat(file()).doesNotExist();
        assertThat(Before.in(directory).all()).isEmpty();
    }
}
