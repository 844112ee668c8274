package io.onlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateFileTest {
    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("generation");
    }

    @Test
    void everyRunHasTheNextNumberAndTheDirectoryIsMade() throws IOException {
        Path deep = directory.resolve("lib/onlink");
        assertThat(StateFile.nextGeneration(deep)).isEqualTo(1);
        assertThat(StateFile.nextGeneration(deep)).isEqualTo(2);
        assertThat(deep.resolve("generation")).hasContent("2\n");
        assertThat(deep.resolve("generation.new")).doesNotExist();
    }

    @Test
    void aNumberWrittenByHandCounts() throws IOException {
        Files.writeString(file(), "  41 \n\n");
        assertThat(StateFile.nextGeneration(directory)).isEqualTo(42);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "-5", "1e3", "1 2", "99999999999999999999", "111111111111111111111111111111111"})
    void whatIsNoNumberIsIgnoredAndPutRight(String text) throws IOException {
        Files.writeString(file(), text);
        assertThat(StateFile.nextGeneration(directory)).isEqualTo(1);
        assertThat(file()).hasContent("1\n");
    }

    @Test
    void whatIsNotUtf8IsIgnoredToo() throws IOException {
        Files.write(file(), new byte[] {(byte) 0xff, (byte) 0xfe});
        assertThat(StateFile.nextGeneration(directory)).isEqualTo(1);
    }

    @Test
    void aHalfWrittenFileOfACrashedRunIsNoHarm() throws IOException {
        Files.writeString(file(), "7\n");
        Files.writeString(directory.resolve("generation.new"), "");
        assertThat(StateFile.nextGeneration(directory)).isEqualTo(8);
    }

    @Test
    void aDirectoryThatCannotBeMadeCostsTheMemoryAndNothingElse() throws IOException {
        Path blocked = Files.writeString(directory.resolve("file"), "").resolve("under");
        assertThat(StateFile.nextGeneration(blocked)).isEqualTo(1);
    }

    @Test
    void aDirectoryInPlaceOfTheFileIsNoHarm() throws IOException {
        Files.createDirectories(file().resolve("inside"));
        assertThat(StateFile.nextGeneration(directory)).isEqualTo(1);
    }
}
