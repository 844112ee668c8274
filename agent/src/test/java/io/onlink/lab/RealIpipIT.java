package io.onlink.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("uml")
class RealIpipIT {
    /** Where the packaged agent is; its parent directories are target, agent and the repository. */
    private static final Path HOME = Path.of(System.getProperty("onlink.home")).toAbsolutePath();

    static final Path REPOSITORY = HOME.resolve("../../..").normalize();
    static final Path OUT = HOME.resolveSibling("lab");

    /** A quiet machine takes about a minute; the runner ends itself at this limit, and the rest is for cleaning up. */
    private static final int STORY_SECONDS = 300;

    private static final int CLEAN_UP_SECONDS = 30;

    @Test
    void everyClaimOfTheStoryHolds() throws Exception {
        claimsHold("story");
    }

    @Test
    void whatIsWrongWithAPathIsSaidAndItsRouteGetsTheMtuThatPasses() throws Exception {
        claimsHold("paths");
    }

    private static void claimsHold(String script) throws Exception {
        Files.createDirectories(OUT);
        Path log = OUT.resolve(script + ".log");

        int status = run(REPOSITORY.resolve("deploy/lab/" + script), log, STORY_SECONDS);

        String told = Files.readString(log);
        assertThat(status)
                .as("status of deploy/lab/%s, which said:%n%s", script, told)
                .isZero();
        assertThat(told).containsPattern("All \\d+ claims held");
    }

    /** Runs a script on a kernel with ipip; the agents' own logs end up beside {@code log}. */
    static int run(Path script, Path log, int seconds) throws IOException, InterruptedException {
        Path runner = REPOSITORY.resolve("deploy/lab/onlink-lab");
        ProcessBuilder builder = new ProcessBuilder(runner.toString(), "run", script.toString())
                .directory(REPOSITORY.toFile())
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(log.toFile());
        builder.environment().put("ONLINK", HOME.resolve("bin/onlink").toString());
        builder.environment().put("LAB_OUT", OUT.toString());
        builder.environment().put("LAB_PREFIX", "onlink-it-");
        builder.environment().put("LAB_MEMORY", "2048");
        builder.environment().put("LAB_TIMEOUT", Integer.toString(seconds));
        Process process = builder.start();
        try {
            assertThat(process.waitFor(seconds + CLEAN_UP_SECONDS, TimeUnit.SECONDS))
                    .as("the runner ends by itself")
                    .isTrue();
            return process.exitValue();
        } finally {
            process.destroy();
        }
    }
}
