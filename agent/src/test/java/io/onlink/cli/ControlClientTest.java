package io.onlink.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ControlClientTest {
    @TempDir
    Path directory;

    @Test
    void theAnswerIsReadToItsLength() throws IOException {
        assertThat(ask("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ngood, and more"))
                .isEqualTo(new ControlClient.Reply(200, "good"));
    }

    @Test
    void anAnswerWithoutALengthIsReadToTheEnd() throws IOException {
        assertThat(ask("HTTP/1.0 503 Not Ready\r\n\r\nno \u2013 not yet"))
                .isEqualTo(new ControlClient.Reply(503, "no \u2013 not yet"));
    }

    @Test
    void anAnswerOfOneMebibyteIsRead() throws IOException {
        String body = "x".repeat(ControlClient.MAX_BODY);
        assertThat(ask("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                        .body())
                .isEqualTo(body);
    }

    @Test
    void aLongerAnswerIsRefused() {
        assertThatThrownBy(() -> ask("HTTP/1.1 200 OK\r\nContent-Length: 1048577\r\n\r\n"))
                .hasMessage("the answer is longer than 1048576 bytes");
        assertRefused(
                "HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(2 * ControlClient.MAX_BODY),
                "the answer is longer than 1048576 bytes");
    }

    @Test
    void endlessHeadersAreRefused() {
        assertRefused(
                "HTTP/1.1 200 OK\r\n" + "a: b\r\n".repeat(5000),
                "the headers of the answer are longer than 8192 bytes");
    }

    @Test
    void anAnswerCutOffIsRefused() {
        assertRefused("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\ngood", "the answer ends after 43 of 49 bytes");
        assertRefused("HTTP/1.1 200", "the answer is not HTTP: 'HTTP/1.1 200'");
        assertRefused("", "the answer is not HTTP: ''");
    }

    @Test
    void whatIsNoHttpIsRefused() {
        assertRefused("SSH-2.0-x\r\n\r\n", "the answer is not HTTP: 'SSH-2.0-x???'");
        assertRefused(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                "the answer has transfer encoding chunked, which is not known");
    }

    @Test
    void aSilentAgentIsGivenUpInTime() throws IOException {
        Path socket = directory.resolve("onlink.sock");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            ControlClient client = new ControlClient(socket, Duration.ofMillis(200));
            assertThatThrownBy(() -> client.request("GET", "/v1/status")).hasMessage("no answer within 200 ms");
        }
    }

    @Test
    void anAbandonedSocketIsRefused() throws IOException {
        Path socket = directory.resolve("onlink.sock");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
        }
        assertThatThrownBy(() -> new ControlClient(socket).request("GET", "/v1/status"))
                .isInstanceOf(IOException.class)
                .hasMessage("Connection refused");
    }

    private void assertRefused(String answer, String message) {
        assertThatThrownBy(() -> ask(answer)).isInstanceOf(IOException.class).hasMessage(message);
    }

    private ControlClient.Reply ask(String answer) throws IOException {
        Path own = Files.createTempDirectory(directory, "run");
        try (OneAnswer agent = new OneAnswer(own, answer)) {
            ControlClient.Reply reply = new ControlClient(own.resolve("onlink.sock")).request("GET", "/v1/status");
            assertThat(agent.request())
                    .startsWith("GET /v1/status HTTP/1.1\r\n")
                    .endsWith("\r\nConnection: close\r\n\r\n");
            return reply;
        }
    }
}
