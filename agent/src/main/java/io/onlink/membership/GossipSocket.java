package io.onlink.membership;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoOps;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The UDP socket. It reads into one buffer of its own and hands out no objects, so that a stranger's datagram is
 * looked at and thrown away without any memory being allocated for it; Netty's own datagram channel makes several
 * objects of each before anybody can look at it.
 */
final class GossipSocket implements NioIoHandle {
    /** Datagrams taken at one wake-up, after which streams and timers have their turn. */
    static final int MAX_AT_ONCE = 256;

    /** Bytes asked of the kernel for datagrams that wait to be read; it gives at most net.core.rmem_max. */
    private static final int RECEIVE_BUFFER = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(GossipSocket.class);

    /** Looks at a datagram, on the event loop; the array is used again for the next one. */
    interface Reader {
        void datagram(byte[] packet, int length, InetSocketAddress source);
    }

    private final DatagramChannel channel;
    private final Reader reader;

    /** One byte more than is allowed tells a datagram that is too long from one that just fits. */
    private final ByteBuffer in = ByteBuffer.allocateDirect(FrameCodec.MAX_DATAGRAM + 1);

    private final ByteBuffer out = ByteBuffer.allocateDirect(FrameCodec.MAX_DATAGRAM);
    private final byte[] packet = new byte[FrameCodec.MAX_DATAGRAM + 1];

    private GossipSocket(DatagramChannel channel, Reader reader) {
        this.channel = channel;
        this.reader = reader;
    }

    /** A socket bound to this address, read by this loop from now on. */
    static GossipSocket open(InetSocketAddress local, IoEventLoop loop, Reader reader) throws IOException {
        DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
            channel.bind(local);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        GossipSocket socket = new GossipSocket(channel, reader);
        loop.register(socket).addListener(done -> {
            if (done.isSuccess()) {
                ((IoRegistration) done.getNow()).submit(NioIoOps.READ);
            } else {
                channel.close();
            }
        });
        return socket;
    }

    @Override
    public SelectableChannel selectableChannel() {
        return channel;
    }

    @Override
    public void handle(IoRegistration registration, IoEvent readable) {
        for (int i = 0; i < MAX_AT_ONCE; i++) {
            in.clear();
            SocketAddress source;
            try {
                source = channel.receive(in);
            } catch (IOException e) {
                LOG.debug("gossip socket: {}", e.toString());
                return;
            }
            if (source == null) {
                return;
            }
            in.flip();
            int length = in.remaining();
            in.get(packet, 0, length);
            read(length, (InetSocketAddress) source);
        }
    }

    /** A datagram that trips a fault of ours costs itself, not the socket. */
    private void read(int length, InetSocketAddress source) {
        try {
            reader.datagram(packet, length, source);
        } catch (RuntimeException e) {
            LOG.error("a datagram from {} was lost to a fault of this agent", source, e);
        }
    }

    /** Sends; on the event loop. What the kernel does not take is lost like any datagram, and whoever waits notices. */
    void send(InetSocketAddress to, byte[] datagram) {
        out.clear().put(datagram).flip();
        try {
            int unused = channel.send(out, to);
        } catch (IOException e) {
            LOG.debug("no datagram to {}: {}", to, e.toString());
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
