package io.onlink.membership;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.ReferenceCountUtil;
import io.onlink.seal.Session;
import java.net.ConnectException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The connections we have made, one to each member that was sent something long lately. Of the event loop alone. */
final class OutboundStreams {
    /** Told once, when a text is with the kernel or known to be lost. */
    interface Outcome {
        void over(@Nullable Throwable error);
    }

    private final Transport transport;
    private final Map<Long, ChannelFuture> connections = new HashMap<>();

    OutboundStreams(Transport transport) {
        this.transport = transport;
    }

    /** Seals the text and sends it, over a new connection if there is none. */
    void send(Session to, byte[] text, Outcome outcome) {
        connection(to).addListener(connected -> {
            if (connected.isSuccess()) {
                write(((ChannelFuture) connected).channel(), () -> transport.sessions.seal(to, text), outcome);
            } else {
                outcome.over(connected.cause());
            }
        });
    }

    private ChannelFuture connection(Session to) {
        ChannelFuture open = connections.get(to.boot());
        if (open != null && (!open.isDone() || open.channel().isActive())) {
            return open;
        }
        ChannelFuture connecting = transport.outgoing().handler(new Setup()).connect(to.address());
        connections.put(to.boot(), connecting);
        connecting.channel().closeFuture().addListener(closed -> connections.remove(to.boot(), connecting));
        // The first to listen, and so the first to write.
        connecting.addListener(connected -> {
            if (connected.isSuccess()) {
                write(connecting.channel(), () -> transport.sessions.opener(to), error -> {});
            }
        });
        return connecting;
    }

    /** What is written is sealed only now, so that numbers go out in their order. */
    private interface Sealed {
        byte[] packet();
    }

    /** Writes a packet, unless its reader is so slow that earlier ones pile up. */
    private void write(Channel stream, Sealed sealed, Outcome outcome) {
        if (!stream.isWritable()) {
            outcome.over(new ConnectException("peer reads too slowly"));
            return;
        }
        byte[] packet = sealed.packet();
        transport.traffic.bytesSent.add(packet.length);
        ByteBuf length = stream.alloc().buffer(Integer.BYTES).writeInt(packet.length);
        var unused = stream.writeAndFlush(Unpooled.wrappedBuffer(length, Unpooled.wrappedBuffer(packet)))
                .addListener(sent -> outcome.over(sent.cause()));
    }

    /** A connection by which nothing may come back. */
    private static final class Setup extends ChannelInitializer<SocketChannel> {
        @Override
        protected void initChannel(SocketChannel channel) {
            channel.pipeline()
                    .addLast(new IdleStateHandler(0, 0, InboundStream.IDLE_SECONDS, TimeUnit.SECONDS))
                    .addLast(new ChannelInboundHandlerAdapter() {
                        @Override
                        public void channelRead(ChannelHandlerContext context, Object unwanted) {
                            ReferenceCountUtil.release(unwanted);
                            close(context);
                        }

                        @Override
                        public void userEventTriggered(ChannelHandlerContext context, Object idle) {
                            close(context);
                        }

                        @Override
                        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                            close(context);
                        }
                    });
        }

        private static void close(ChannelHandlerContext context) {
            var unused = context.close();
        }
    }
}
