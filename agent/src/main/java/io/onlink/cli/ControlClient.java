package io.onlink.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** Asks the agent over its control socket: one HTTP/1.1 request (RFC 9112), one connection. */
final class ControlClient {
    /** Longest wait for a whole answer: a leave waits for its message to be told around. */
    static final Duration LIMIT = Duration.ofSeconds(15);

    private static final byte[] END_OF_HEAD = {'\r', '\n', '\r', '\n'};

    private final Path socket;
    private final Duration limit;

    /**
     * An answer.
     *
     * @param status HTTP status code, 100 to 599
     * @param body UTF-8 text, at most {@link #MAX_BODY} bytes of it
     */
    record Reply(int status, String body) {}

    /** Longest body, in bytes: a status of some ten thousand peers. */
    static final int MAX_BODY = 1024 * 1024;

    /** Longest status line and headers, in bytes. */
    static final int MAX_HEAD = 8 * 1024;

    ControlClient(Path socket) {
        this(socket, LIMIT);
    }

    ControlClient(Path socket, Duration limit) {
        this.socket = socket;
        this.limit = limit;
    }

    /**
     * Sends a request without a body and waits for the answer.
     *
     * @throws IOException with a message that reads on after "no agent answers": nobody listens, no answer in time, or
     *     one that is no HTTP or too long
     */
    Reply request(String method, String path) throws IOException {
        long deadline = System.nanoTime() + limit.toNanos();
        String head =
                method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                Selector selector = Selector.open()) {
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, 0);
            if (!channel.connect(UnixDomainSocketAddress.of(socket))) {
                await(key, SelectionKey.OP_CONNECT, deadline);
                channel.finishConnect();
            }
            ByteBuffer request = ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII));
            while (request.hasRemaining()) {
                await(key, SelectionKey.OP_WRITE, deadline);
                channel.write(request);
            }
            return receive(channel, key, deadline);
        }
    }

    private void await(SelectionKey key, int operation, long deadline) throws IOException {
        key.interestOps(operation);
        long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
        if (left <= 0 || key.selector().select(left) == 0) {
            throw new IOException("no answer within " + limit.toMillis() + " ms");
        }
        key.selector().selectedKeys().clear();
    }

    private Reply receive(SocketChannel channel, SelectionKey key, long deadline) throws IOException {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
        int wanted = Integer.MAX_VALUE;
        while (received.size() < wanted) {
            await(key, SelectionKey.OP_READ, deadline);
            if (channel.read(buffer.clear()) < 0) {
                break;
            }
            received.write(buffer.array(), 0, buffer.position());
            if (wanted == Integer.MAX_VALUE) {
                wanted = wanted(received.toByteArray());
            }
            if (received.size() > MAX_HEAD + MAX_BODY) {
                throw new IOException("the answer is longer than " + MAX_BODY + " bytes");
            }
        }
        return reply(received.toByteArray(), wanted);
    }

    /** Length of the whole answer, or the highest number while that is not known: then the connection's end ends it. */
    private static int wanted(byte[] received) throws IOException {
        int head = headLength(received);
        if (head < 0) {
            return Integer.MAX_VALUE;
        }
        for (String line : text(received, 0, head).split("\r\n", -1)) {
            int colon = line.indexOf(':');
            String name = colon < 0 ? "" : line.substring(0, colon);
            String value = line.substring(colon + 1).strip();
            if (name.equalsIgnoreCase("transfer-encoding")) {
                throw new IOException("the answer has transfer encoding " + printable(value) + ", which is not known");
            }
            if (name.equalsIgnoreCase("content-length")) {
                if (!value.matches("[0-9]{1,7}") || Integer.parseInt(value) > MAX_BODY) {
                    throw new IOException("the answer is longer than " + MAX_BODY + " bytes");
                }
                return head + Integer.parseInt(value);
            }
        }
        return Integer.MAX_VALUE;
    }

    private static Reply reply(byte[] received, int wanted) throws IOException {
        int head = headLength(received);
        String line = text(received, 0, Math.min(received.length, 12));
        if (head < 0 || !line.matches("HTTP/1\\.[01] [1-5][0-9][0-9]")) {
            throw new IOException("the answer is not HTTP: '" + printable(line) + "'");
        }
        if (wanted != Integer.MAX_VALUE && received.length < wanted) {
            throw new IOException("the answer ends after " + received.length + " of " + wanted + " bytes");
        }
        int end = Math.min(received.length, wanted);
        return new Reply(Integer.parseInt(line.substring(9)), text(received, head, end - head));
    }

    /** Length of status line and headers with the empty line after them; -1 if that has not come yet. */
    private static int headLength(byte[] received) throws IOException {
        for (int i = 0; i + END_OF_HEAD.length <= Math.min(received.length, MAX_HEAD); i++) {
            if (received[i] == '\r' && received[i + 1] == '\n' && received[i + 2] == '\r' && received[i + 3] == '\n') {
                return i + END_OF_HEAD.length;
            }
        }
        if (received.length > MAX_HEAD) {
            throw new IOException("the headers of the answer are longer than " + MAX_HEAD + " bytes");
        }
        return -1;
    }

    private static String text(byte[] bytes, int from, int length) {
        return new String(bytes, from, length, StandardCharsets.UTF_8);
    }

    private static String printable(String text) {
        return text.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
