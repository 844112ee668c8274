package io.onlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.inet.Ipv4Prefix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFileTest {
    private static final List<Ipv4Prefix> SUBNETS =
            List.of(Ipv4Prefix.parse("10.42.1.0/24"), Ipv4Prefix.parse("10.42.7.0/24"));

    @TempDir
    Path directory;

    @Test
    void theFirstRunIsNumberOneAndEachKeptOneCountsOn() {
        StateFile state = new StateFile(directory.resolve("new"));
        assertThat(state.nextGeneration()).isEqualTo(1);
        state.keep(41, 0, SUBNETS);
        assertThat(state.nextGeneration()).isEqualTo(42);
    }

    @Test
    void theSeniorityIsThatOfTheSameClaimOnly() {
        StateFile state = new StateFile(directory);
        state.keep(1, 5, SUBNETS);
        assertThat(state.seniority(SUBNETS)).isEqualTo(5);
        assertThat(state.seniority(SUBNETS.subList(0, 1))).isZero();
    }

    @Test
    void whatCannotBeReadIsIgnored() throws IOException {
        StateFile state = new StateFile(directory);
        for (String text : List.of("", "-1", "9999999999999999999", "x".repeat(5000), "\0\0\0\0")) {
            Files.writeString(directory.resolve("generation"), text);
            Files.writeString(directory.resolve("seniority"), text);
            assertThat(state.nextGeneration()).isEqualTo(1);
            assertThat(state.seniority(SUBNETS)).isZero();
        }
    }

    @Test
    void aDirectoryThatCannotBeWrittenIsNoHarm() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        StateFile state = new StateFile(file.resolve("below"));
        state.keep(3, 1, SUBNETS);
        assertThat(state.nextGeneration()).isEqualTo(1);
    }
}
