package io.onlink.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@link GuardOnIpip} on a kernel with ipip, in one start of it. */
@Tag("uml")
class GuardOnIpipIT {
    private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();

    /** A quiet machine takes half a minute, of which most is the start of the kernel and of the JVM in it. */
    private static final int SECONDS = 180;

    @TempDir
    private Path work;

    @Test
    void everyCaseOfTheGuardHolds() throws Exception {
        Path log = work.resolve("log");
        List<String> command = new ArrayList<>();
        command.add(REPOSITORY.resolve("deploy/lab/onlink-lab").toString());
        command.add("run");
        command.addAll(List.of(Netns.java(GuardOnIpip.class)));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(log.toFile());
        builder.environment().put("LAB_TIMEOUT", Integer.toString(SECONDS));
        Process process = builder.start();
        try {
            assertThat(process.waitFor(SECONDS + 30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue())
                    .as("status of the cases, which said:%n%s", Files.readString(log))
                    .isZero();
        } finally {
            process.destroy();
        }
    }
}
