package io.onlink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@code bin/onlink} of the packaged distribution. */
class LauncherIT {
    private static final Path LAUNCHER = Path.of(System.getProperty("onlink.home"), "bin", "onlink");

    /** A hidden class (JEP 371), made while it runs: how many there are is a matter of timing. */
    private static final Pattern HIDDEN = Pattern.compile("/0x\\p{XDigit}+ source:");

    @TempDir
    private Path directory;

    @Test
    void startsThroughASymbolicLink() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("onlink"), LAUNCHER);

        assertThat(run(link, Map.of())).matches("0: onlink \\d+\\.\\d+\\.\\d+.*\n");
        Files.delete(link);
    }

    @Test
    void printsNothingOfTheJvmsOwn() throws Exception {
        assertThat(run(LAUNCHER, Map.of("ONLINK_JAVA_OPTS", "-Xmx32m -XX:SharedArchiveFile=/nonexistent.jsa")))
                .matches("0: onlink \\d+\\.\\d+\\.\\d+.*\n");
    }

    @Test
    void saysWhatToDoWhenJavaHomeIsWrong() throws Exception {
        assertThat(run(LAUNCHER, Map.of("JAVA_HOME", "/nonexistent")))
                .isEqualTo("1: onlink: JAVA_HOME is /nonexistent, which has no bin/java; correct it or unset it\n");
    }

    @Test
    void refusesAJavaTooOld() throws Exception {
        Path java = directory.resolve("bin/java");
        Files.createDirectories(java.getParent());
        Files.writeString(java, "#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();

        assertThat(run(LAUNCHER, Map.of("JAVA_HOME", directory.toString())))
                .isEqualTo("1: onlink: " + java + " is version 11.0.2; install Java 17 or newer, or set JAVA_HOME\n");
    }

    @Test
    void findsNearlyAllClassesOfAnAgentInTheClassArchive() throws Exception {
        Path loaded = directory.resolve("loaded");

        assertThat(run(LAUNCHER, Map.of("ONLINK_JAVA_OPTS", "-Xlog:class+load:file=" + loaded), Rehearsal.COMMAND))
                .startsWith("0: ");

        List<String> classes = Files.readAllLines(loaded);
        List<String> elsewhere = classes.stream()
                .filter(line -> !line.contains("source: shared objects file"))
                .filter(line -> !HIDDEN.matcher(line).find())
                .toList();
        assertThat(classes).hasSizeGreaterThan(2000).anyMatch(line -> line.contains("io.onlink.Agent "));
        assertThat(elsewhere).hasSizeLessThan(classes.size() / 50);
        assertThat(elsewhere).noneMatch(line -> line.contains("/lib/onlink.jar"));
    }

    @Test
    void writesAClassArchiveAndLeavesNothingElse() throws Exception {
        Path archive = directory.resolve("own.jsa");

        assertThat(run(LAUNCHER, Map.of("ONLINK_CDS_DUMP", archive.toString()), "agent"))
                .startsWith("0: ");

        assertThat(directory).isDirectoryContaining(file -> file.equals(archive));
        assertThat(directory.toFile().list()).hasSize(1);
        assertThat(run(LAUNCHER, Map.of("ONLINK_JAVA_OPTS", "-Xshare:on -XX:SharedArchiveFile=" + archive)))
                .matches("0: onlink \\d+\\.\\d+\\.\\d+.*\n");
    }

    @Test
    void saysWhenNoClassArchiveCanBeWritten() throws Exception {
        assertThat(run(LAUNCHER, Map.of("ONLINK_CDS_DUMP", "/nonexistent/own.jsa")))
                .startsWith("1: ")
                .endsWith(
                        "onlink: cannot write /nonexistent/own.jsa; name a file in a directory that can be written\n");
    }

    /** Exit status and everything printed, as {@code status: output}. */
    private static String run(Path command, Map<String, String> environment) throws IOException, InterruptedException {
        return run(command, environment, "--version");
    }

    private static String run(Path command, Map<String, String> environment, String argument)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(List.of(command.toString(), argument)).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return process.exitValue() + ": " + output;
    }
}
