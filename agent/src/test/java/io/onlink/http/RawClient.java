package io.onlink.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A client that sends what it is told, right or wrong, over TCP or a unix socket. */
final class RawClient implements AutoCloseable {
    private final SocketChannel channel;

    private RawClient(SocketAddress address) throws IOException {
        channel = SocketChannel.open(address);
    }

    static RawClient tcp(InetSocketAddress address) throws IOException {
        return new RawClient(address);
    }

    static RawClient unix(Path path) throws IOException {
        return new RawClient(UnixDomainSocketAddress.of(path));
    }

    RawClient send(String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        return this;
    }

    /** All that comes until the server closes. */
    String readToEnd() throws IOException {
        StringBuilder all = new StringBuilder();
        String more = readSome();
        while (!more.isEmpty()) {
            all.append(more);
            more = readSome();
        }
        return all.toString();
    }

    /** All that comes up to and with the text. */
    String readUntil(String end) throws IOException {
        StringBuilder all = new StringBuilder();
        while (all.indexOf(end) < 0) {
            String more = readSome();
            if (more.isEmpty()) {
                throw new IOException("the server closed before '" + end + "': " + all);
            }
            all.append(more);
        }
        return all.toString();
    }

    private String readSome() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        int read = channel.read(buffer);
        return read < 0 ? "" : new String(buffer.array(), 0, read, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
