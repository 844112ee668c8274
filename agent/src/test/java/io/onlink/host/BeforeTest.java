package io.onlink.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
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
    void aLinkIsOursByItsIndexAndNotByItsName() {
        Before before = Before.in(directory);
        before.noteAnew("made onl0", "7");
        assertThat(before.hasMade("onl0", OptionalInt.of(7))).isTrue();
        assertThat(before.hasMade("onl0", OptionalInt.of(8))).isFalse();
        assertThat(before.hasMade("onl0", OptionalInt.empty())).isFalse();
        assertThat(before.hasMade("onl1", OptionalInt.of(7))).isFalse();
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
