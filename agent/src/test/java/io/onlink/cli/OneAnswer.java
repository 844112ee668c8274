package io.onlink.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** An agent that takes one request at {@code onlink.sock}, answers it with given text and closes. */
final class OneAnswer implements AutoCloseable {
    private final ServerSocketChannel server;
    private final CompletableFuture<String> request = new CompletableFuture<>();

    OneAnswer(Path directory, String answer) throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(directory.resolve("onlink.sock")));
        Thread thread = new Thread(() -> serve(answer), "one-answer");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve(String answer) {
        try (SocketChannel client = server.accept()) {
            InputStream in = Channels.newInputStream(client);
            StringBuilder received = new StringBuilder();
            while (received.indexOf("\r\n\r\n") < 0) {
                received.append((char) in.read());
            }
            request.complete(received.toString());
            ByteBuffer bytes = ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                client.write(bytes);
            }
        } catch (IOException e) {
            // The client may go away in the middle: of an answer too long, for one.
            request.completeExceptionally(e);
        }
    }

    /** The head of the request. */
    String request() {
        return request.join();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
