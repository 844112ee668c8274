package io.onlink.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("uml")
class RealFaultsIT {
    /** A quiet machine takes about a minute and a half. */
    private static final int SECONDS = 600;

    @Test
    void everyFaultOfTheLabIsBorne() throws Exception {
        Files.createDirectories(RealIpipIT.OUT);
        Path log = RealIpipIT.OUT.resolve("faults.log");

        int status = RealIpipIT.run(RealIpipIT.REPOSITORY.resolve("deploy/lab/faults"), log, SECONDS);

        String told = Files.readString(log);
        assertThat(status)
                .as("status of deploy/lab/faults, which said:%n%s", told)
                .isZero();
        assertThat(told).containsPattern("0 of \\d+ pings were lost").containsPattern("All \\d+ claims held");
    }
}
