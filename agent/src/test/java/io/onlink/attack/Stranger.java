package io.onlink.attack;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A socket of the attacker that sends to the agent of host 1 and counts what comes back. */
final class Stranger implements AutoCloseable {
    static final InetSocketAddress TARGET = new InetSocketAddress("172.31.7.1", 5114);

    private static final long LISTENS = TimeUnit.MILLISECONDS.toNanos(300);

    private final DatagramChannel channel;
    private final ByteBuffer out = ByteBuffer.allocateDirect(2048);
    private final ByteBuffer in = ByteBuffer.allocateDirect(2048);
    private int replies;

    Stranger() throws IOException {
        this(new InetSocketAddress("172.31.7.3", 0));
    }

    /** One that sends from that address, be it its own or not. */
    Stranger(InetSocketAddress from) throws IOException {
        channel = DatagramChannel.open(StandardProtocolFamily.INET).bind(from);
        channel.configureBlocking(false);
    }

    void send(byte[] bytes) throws IOException {
        send(bytes, bytes.length);
    }

    void send(byte[] bytes, int length) throws IOException {
        out.clear().put(bytes, 0, length);
        while (channel.send(out.flip(), TARGET) == 0 && length > 0) {
            Thread.onSpinWait();
        }
    }

    /** Takes in what has come. */
    void look() throws IOException {
        while (channel.receive(in.clear()) != null) {
            replies++;
        }
    }

    /** Datagrams that have come back up to some time after the last was sent. */
    int replies() throws IOException {
        long end = System.nanoTime() + LISTENS;
        while (System.nanoTime() - end < 0) {
            look();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        return replies;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
