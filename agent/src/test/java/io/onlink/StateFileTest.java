package io.onlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.inet.Ipv4Prefix;
import io.onlink.peer.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateFileTest {
    private static final List<Ipv4Prefix> SUBNETS =
            List.of(Ipv4Prefix.parse("10.42.1.0/24"), Ipv4Prefix.parse("10.42.7.0/24"));

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("generation");
    }

    @Test
    void everyRunHasTheNextNumberAndTheDirectoryIsMade() throws IOException {
        Path deep = directory.resolve("lib/onlink");
        assertThat(run(deep)).isEqualTo(1);
        assertThat(run(deep)).isEqualTo(2);
        assertThat(deep.resolve("generation")).hasContent("2\n");
        assertThat(deep.resolve("generation.new")).doesNotExist();
    }

    @Test
    void aNumberWrittenByHandCounts() throws IOException {
        Files.writeString(file(), "  41 \n\n");
        assertThat(run(directory)).isEqualTo(42);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "-5",
                "1e3",
                "1 2",
                "99999999999999999999",
                "4611686018427387905",
                "111111111111111111111111111111111"
            })
    void whatIsNoNumberIsIgnoredAndPutRight(String text) throws IOException {
        Files.writeString(file(), text);
        assertThat(run(directory)).isEqualTo(1);
        assertThat(file()).hasContent("1\n");
    }

    @Test
    void theHighestNumberIsReadAndNotCountedBeyond() throws IOException {
        new StateFile(directory).keep(Rules.MAX_COUNT, Rules.MAX_COUNT, SUBNETS);
        assertThat(new StateFile(directory).nextGeneration()).isEqualTo(Rules.MAX_COUNT);
        assertThat(new StateFile(directory).seniority(SUBNETS)).isEqualTo(Rules.MAX_COUNT);
    }

    @Test
    void whatIsNotUtf8IsIgnoredToo() throws IOException {
        Files.write(file(), new byte[] {(byte) 0xff, (byte) 0xfe});
        assertThat(run(directory)).isEqualTo(1);
    }

    @Test
    void aHalfWrittenFileOfACrashedRunIsNoHarm() throws IOException {
        Files.writeString(file(), "7\n");
        Files.writeString(directory.resolve("generation.new"), "");
        assertThat(run(directory)).isEqualTo(8);
    }

    @Test
    void aDirectoryThatCannotBeMadeCostsTheMemoryAndNothingElse() throws IOException {
        Path blocked = Files.writeString(directory.resolve("file"), "").resolve("under");
        assertThat(run(blocked)).isEqualTo(1);
    }

    @Test
    void aDirectoryInPlaceOfTheFileIsNoHarm() throws IOException {
        Files.createDirectories(file().resolve("inside"));
        assertThat(run(directory)).isEqualTo(1);
    }

    /** What a run does with the file when it starts. */
    private static long run(Path directory) {
        StateFile state = new StateFile(directory);
        long generation = state.nextGeneration();
        state.keep(generation, 0, SUBNETS);
        return generation;
    }

    @Test
    void theSeniorityIsThatOfTheSameClaimOnly() {
        StateFile state = new StateFile(directory);
        state.keep(1, 5, SUBNETS);
        assertThat(state.seniority(SUBNETS)).isEqualTo(5);
        assertThat(state.seniority(SUBNETS.subList(0, 1))).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "-1 10.42.1.0/24,10.42.7.0/24", "99999999999999999999 10.42.1.0/24,10.42.7.0/24"})
    void aSeniorityThatIsNoneIsIgnored(String text) throws IOException {
        Files.writeString(directory.resolve("seniority"), text);
        assertThat(new StateFile(directory).seniority(SUBNETS)).isZero();
    }
}
