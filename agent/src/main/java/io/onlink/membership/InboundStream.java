package io.onlink.membership;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.onlink.seal.Envelope;
import io.onlink.seal.PacketRefusal;
import io.onlink.seal.Session;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection taken in: four bytes of length, then the packet, again and again. Nothing is ever written to it. It is
 * closed at the first wrong byte, and when a packet does not come in time, however busily its bytes trickle.
 */
final class InboundStream extends ByteToMessageDecoder {
    /** Seconds a stranger has to send a member's packet. */
    static final int STRANGER_SECONDS = 5;

    /** Seconds without a whole packet after which a member's connection is closed. */
    static final int IDLE_SECONDS = 15;

    private final Transport transport;
    private boolean member;
    private boolean closed;
    private long due;

    /** Rings when a packet is due; it holds the connection, so it goes with it. */
    private @Nullable Future<?> alarm;

    InboundStream(Transport transport) {
        this.transport = transport;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        Channel channel = context.channel();
        if (!(channel.remoteAddress() instanceof InetSocketAddress source)) {
            close(context); // gone before we looked
            return;
        }
        InetAddress address = source.getAddress();
        transport.doors.stranger(channel, address, transport.knows(address)).forEach(this::turnAway);
        due = System.nanoTime() + TimeUnit.SECONDS.toNanos(STRANGER_SECONDS);
        channel.closeFuture().addListener(done -> {
            transport.doors.gone(channel);
            Future<?> last = alarm;
            if (last != null) {
                last.cancel(false);
            }
        });
        if (channel.isOpen()) {
            watch(context);
        }
    }

    private void turnAway(Channel channel) {
        transport.traffic.refused(PacketRefusal.CONNECTION);
        var unused = channel.close();
    }

    private void watch(ChannelHandlerContext context) {
        alarm = context.executor()
                .schedule(
                        () -> {
                            if (!context.channel().isOpen()) {
                                return;
                            }
                            if (System.nanoTime() - due < 0) {
                                watch(context);
                            } else if (member) {
                                close(context);
                            } else {
                                turnAway(context.channel());
                            }
                        },
                        Math.max(1, due - System.nanoTime()),
                        TimeUnit.NANOSECONDS);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> none) {
        take(context, in);
        // What a closed channel leaves is thrown away with it, after the doors have forgotten it.
        if (context.channel().isOpen()) {
            transport.doors.unfinished(context.channel(), in.readableBytes()).forEach(this::turnAway);
        }
    }

    private void take(ChannelHandlerContext context, ByteBuf in) {
        if (closed) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (in.readableBytes() < Integer.BYTES) {
            return;
        }
        int length = in.getInt(in.readerIndex());
        if (length < Envelope.OVERHEAD || length > (member ? FrameCodec.MAX_FRAME : FrameCodec.MAX_DATAGRAM)) {
            transport.traffic.refused(PacketRefusal.SIZE);
            close(context);
        } else if (in.readableBytes() >= Integer.BYTES + length) {
            byte[] packet = new byte[length];
            in.skipBytes(Integer.BYTES).readBytes(packet);
            packet(context, packet);
        }
    }

    private void packet(ChannelHandlerContext context, byte[] packet) {
        long now = System.nanoTime();
        transport.traffic.bytesReceived.add(packet.length);
        Session from =
                transport.frame(packet, (InetSocketAddress) context.channel().remoteAddress(), now);
        if (from == null) {
            close(context);
            return;
        }
        due = now + TimeUnit.SECONDS.toNanos(IDLE_SECONDS);
        if (!member) {
            member = true;
            transport.doors.member(context.channel(), from.boot()).forEach(this::turnAway);
        }
    }

    private void close(ChannelHandlerContext context) {
        closed = true;
        var unused = context.close();
    }

    /** A reset by the other end; the connection is over in any case. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        close(context);
    }
}
