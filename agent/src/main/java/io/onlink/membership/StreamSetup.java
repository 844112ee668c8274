package io.onlink.membership;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOutboundInvoker;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.timeout.IdleStateHandler;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Sets up a TCP connection: four bytes of length, then the frame; closed when idle or at the first wrong byte. */
final class StreamSetup extends ChannelInitializer<SocketChannel> {
    /** Seconds without a whole frame in either direction after which a connection is closed. */
    static final int IDLE_SECONDS = 15;

    private final Transport transport;
    private final boolean inbound;

    StreamSetup(Transport transport, boolean inbound) {
        this.transport = transport;
        this.inbound = inbound;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
        if (inbound && transport.inbound >= Transport.MAX_INBOUND) {
            transport.traffic.rejected.increment();
            close(channel);
            return;
        }
        if (inbound) {
            transport.inbound++;
            channel.closeFuture().addListener(closed -> transport.inbound--);
        }
        channel.pipeline()
                .addLast(new LengthFieldBasedFrameDecoder(FrameCodec.MAX_FRAME, 0, 4, 0, 4))
                // Behind the decoder, so that bytes that trickle in without making a frame do not keep it open.
                .addLast(new IdleStateHandler(0, 0, IDLE_SECONDS, TimeUnit.SECONDS))
                .addLast(new Frames());
    }

    private static void close(ChannelOutboundInvoker connection) {
        var unused = connection.close();
    }

    /** Takes frames in. */
    private final class Frames extends SimpleChannelInboundHandler<ByteBuf> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf content) {
            transport.traffic.bytesReceived.add(content.readableBytes());
            byte[] bytes = new byte[content.readableBytes()];
            content.readBytes(bytes);
            try {
                InetSocketAddress there = (InetSocketAddress) context.channel().remoteAddress();
                transport.inbox.frame(FrameCodec.open(bytes, there, transport.boot));
            } catch (MalformedFrameException e) {
                transport.traffic.rejected.increment();
                close(context);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object idle) {
            close(context);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (cause instanceof io.netty.handler.codec.DecoderException) {
                transport.traffic.rejected.increment();
            }
            close(context);
        }
    }
}
