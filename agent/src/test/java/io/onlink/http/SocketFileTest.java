package io.onlink.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class SocketFileTest {
    private static final List<Page> PAGES =
            List.of(new Page("GET", "/v1/status", false, () -> Answer.text(200, "all is well")));

    @TempDir
    private Path dir;

    @Test
    void theSocketIsForOwnerAndGroupAndGoesWithTheServer() throws IOException {
        Path path = dir.resolve("onlink.sock");
        try (HttpServer server = new HttpServer(PAGES)) {
            server.bindUnix(path);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-rw----");
            assertThat(status(path)).endsWith("all is well\n");
            assertThat(names()).containsExactly("onlink.sock");
        }
        assertThat(names()).isEmpty();
    }

    @Test
    void aStaleSocketFileIsReplaced() throws IOException {
        Path path = dir.resolve("onlink.sock");
        leaveStale(path);
        leaveStale(dir.resolve("onlink.sock.new"));
        try (HttpServer server = new HttpServer(PAGES)) {
            server.bindUnix(path);
            assertThat(status(path)).endsWith("all is well\n");
        }
    }

    @Test
    void aSocketOnWhichAnAgentAnswersIsLeftAlone() throws IOException {
        Path path = dir.resolve("onlink.sock");
        try (HttpServer first = new HttpServer(PAGES)) {
            first.bindUnix(path);
            try (HttpServer second = new HttpServer(PAGES)) {
                assertThatExceptionOfType(IOException.class)
                        .isThrownBy(() -> second.bindUnix(path))
                        .withMessage("another agent runs with this run-dir: it answers on " + path
                                + "; stop it, or choose another run-dir");
            }
            assertThat(status(path)).endsWith("all is well\n");
        }
    }

    @Test
    void anAgentTooBusyToAcceptIsLeftAloneToo() throws IOException {
        Path path = dir.resolve("onlink.sock");
        try (ServerSocketChannel busy = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                HttpServer server = new HttpServer(PAGES)) {
            busy.bind(UnixDomainSocketAddress.of(path), 1);
            try (RawClient one = RawClient.unix(path);
                    RawClient two = RawClient.unix(path)) {
                one.send("GET");
                two.send("GET");
                assertThatExceptionOfType(IOException.class)
                        .isThrownBy(() -> server.bindUnix(path))
                        .withMessageStartingWith("cannot tell whether another agent runs with this run-dir");
            }
        }
    }

    @Test
    void aFileThatIsNoSocketIsLeftAlone() throws IOException {
        Path path = Files.writeString(dir.resolve("onlink.sock"), "dear diary");
        try (HttpServer server = new HttpServer(PAGES)) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> server.bindUnix(path))
                    .withMessage(path + " is there and is not a socket; remove it, or choose another run-dir");
        }
        assertThat(path).hasContent("dear diary");
    }

    @Test
    void aPathTooLongForASocketIsNamed() throws IOException {
        Path path = dir.resolve("a".repeat(120)).resolve("onlink.sock");
        try (HttpServer server = new HttpServer(PAGES)) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> server.bindUnix(path))
                    .withMessageMatching("the socket path .* is \\d+ bytes too long for a unix socket; .*");
        }
    }

    @Test
    void aMissingDirectoryIsNamed() throws IOException {
        try (HttpServer server = new HttpServer(PAGES)) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> server.bindUnix(dir.resolve("gone/onlink.sock")))
                    .withMessageStartingWith("cannot listen on " + dir + "/gone/onlink.sock: ");
        }
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(dir)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    /** What an agent leaves that was killed. */
    private static void leaveStale(Path path) throws IOException {
        try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            killed.bind(UnixDomainSocketAddress.of(path));
        }
        assertThat(path).exists();
    }

    private static String status(Path path) throws IOException {
        try (RawClient raw = RawClient.unix(path)) {
            return raw.send("GET /v1/status HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    .readToEnd();
        }
    }
}
