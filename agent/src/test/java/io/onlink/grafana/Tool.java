package io.onlink.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A program of Debian's package prometheus. */
final class Tool {
    /** Where the package is unpacked if it is not installed; {@code deploy/test} says where. */
    private static final String HOME = System.getProperty("onlink.prometheus", "");

    private Tool() {}

    /** The path of {@code prometheus} or {@code promtool}. */
    static String path(String program) {
        return Stream.concat(
                        Stream.of(HOME).filter(home -> !home.isEmpty()).map(home -> home + "/usr/bin"),
                        Stream.of(System.getenv("PATH").split(":", -1)))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElseThrow(() -> new AssertionError(program + " is not on PATH: install Debian's package prometheus,"
                        + " or run deploy/test, which fetches it"));
    }

    /** Runs promtool in a directory, feeds it a text, and returns what it prints; fails if it does. */
    static String promtool(Path directory, String input, String... arguments) {
        List<String> command = new ArrayList<>(List.of(path("promtool")));
        command.addAll(List.of(arguments));
        try {
            Path fed = Files.writeString(Files.createTempFile("promtool", ".in"), input);
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectInput(fed.toFile())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            Files.delete(fed);
            assertThat(status).as("%s says:\n%s", command, output).isZero();
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
