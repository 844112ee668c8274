package io.onlink.membership;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.onlink.inet.Ipv4;
import java.net.ConnectException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sockets: one UDP and one TCP port on one address, served by one event loop.
 *
 * <p>A frame goes out as one datagram if it fits, else over a connection, which is kept while it is used. What comes in
 * and is no frame is counted and dropped without an answer.
 */
final class Transport {
    /** Most connections taken in at one time. */
    static final int MAX_INBOUND = 256;

    /** Time a connection attempt may take, in milliseconds. */
    static final int CONNECT_TIMEOUT_MILLIS = 1000;

    /** Receives every frame, on the event loop. */
    interface Inbox {
        /** Takes a frame; {@link Frame#source} is where an answer goes. */
        void frame(Frame frame);
    }

    final Traffic traffic;
    final Inbox inbox;
    private final Ipv4 bind;
    private final int port;
    final long boot;
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("onlink-gossip", true), NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final ByteBufAllocator heap = new UnpooledByteBufAllocator(false);

    /** Of the event loop alone. */
    private final Map<InetSocketAddress, ChannelFuture> connections = new HashMap<>();

    /** Connections taken in and open now; of the event loop alone. */
    int inbound;

    private volatile @Nullable Channel udp;
    private volatile @Nullable Channel tcp;

    Transport(GossipSettings settings, Traffic traffic, Inbox inbox) {
        this.bind = settings.bind();
        this.port = settings.port();
        this.boot = settings.self().boot();
        this.traffic = traffic;
        this.inbox = inbox;
    }

    EventLoop loop() {
        return loop;
    }

    /** Binds both sockets; the loop's threads run only from here. */
    void open() throws MembershipException {
        InetSocketAddress local = Endpoint.socket(bind, port);
        tcp = bound(
                new ServerBootstrap()
                        .group(group)
                        .channel(NioServerSocketChannel.class)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.ALLOCATOR, heap)
                        .childHandler(new StreamSetup(this, true))
                        .bind(local),
                "TCP");
        udp = bound(
                new Bootstrap()
                        .group(group)
                        .channel(NioDatagramChannel.class)
                        .option(ChannelOption.ALLOCATOR, heap)
                        // One byte more than is allowed tells a datagram that is too long from one that just fits.
                        .option(
                                ChannelOption.RECVBUF_ALLOCATOR,
                                new FixedRecvByteBufAllocator(FrameCodec.MAX_DATAGRAM + 1))
                        .handler(new Datagrams())
                        .bind(local),
                "UDP");
    }

    private Channel bound(ChannelFuture binding, String protocol) throws MembershipException {
        if (binding.awaitUninterruptibly(10, TimeUnit.SECONDS) && binding.isSuccess()) {
            return binding.channel();
        }
        close();
        Throwable cause = binding.cause();
        String where = protocol + " port " + port + " of " + bind;
        String advice = ownAddress()
                ? where + " is taken or not allowed: stop the other program (ss -lntup 'sport = :" + port
                        + "') or choose another gossip port"
                : where + ": no such address on this host; give gossip an address that 'ip address' shows";
        throw new MembershipException(
                "cannot open " + advice + reason(cause), cause == null ? new ConnectException() : cause);
    }

    private static String reason(@Nullable Throwable cause) {
        return cause == null ? " (timed out)" : " (" + cause.getMessage() + ")";
    }

    /** Asked of the kernel itself: its error texts follow the locale. */
    private boolean ownAddress() {
        try (DatagramSocket any = new DatagramSocket(Endpoint.socket(bind, 0))) {
            return any.isBound();
        } catch (SocketException e) {
            return false;
        }
    }

    /** Sends the frame: by datagram if it fits, else by connection. Any thread. {@code lost} is told of a failure. */
    void send(Endpoint to, Frame frame, Consumer<Throwable> lost) {
        byte[] bytes;
        try {
            bytes = FrameCodec.seal(frame, boot, to.boot());
        } catch (IllegalArgumentException tooLarge) {
            lost.accept(tooLarge);
            return;
        }
        if (bytes.length <= FrameCodec.MAX_DATAGRAM) {
            datagram(to.socket(), bytes, lost);
        } else {
            stream(to.socket(), bytes, lost);
        }
    }

    private void datagram(InetSocketAddress to, byte[] bytes, Consumer<Throwable> lost) {
        Channel socket = udp;
        if (socket == null) {
            lost.accept(new ConnectException("gossip is closed"));
            return;
        }
        traffic.datagramsSent.increment();
        traffic.bytesSent.add(bytes.length);
        var unused = socket.writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(bytes), to))
                .addListener(sent -> {
                    if (!sent.isSuccess()) {
                        lost.accept(sent.cause());
                    }
                });
    }

    private void stream(InetSocketAddress to, byte[] bytes, Consumer<Throwable> lost) {
        if (tcp == null || loop.isShuttingDown()) {
            lost.accept(new ConnectException("gossip is closed"));
            return;
        }
        loop.execute(() -> connection(to).addListener(connected -> {
            if (connected.isSuccess()) {
                write(((ChannelFuture) connected).channel(), bytes, lost);
            } else {
                lost.accept(connected.cause());
            }
        }));
    }

    private ChannelFuture connection(InetSocketAddress to) {
        ChannelFuture open = connections.get(to);
        if (open != null && (!open.isDone() || open.channel().isActive())) {
            return open;
        }
        ChannelFuture connecting =
                outgoing().handler(new StreamSetup(this, false)).connect(to);
        connections.put(to, connecting);
        connecting.channel().closeFuture().addListener(closed -> connections.remove(to, connecting));
        return connecting;
    }

    /** A connection attempt from this node's address; the handler is the caller's. */
    Bootstrap outgoing() {
        Bootstrap bootstrap = new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.ALLOCATOR, heap)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS);
        return bind.equals(Ipv4.ANY) ? bootstrap : bootstrap.localAddress(Endpoint.socket(bind, 0));
    }

    /** Writes one frame to a stream, unless its reader is so slow that earlier ones pile up. */
    void write(Channel stream, byte[] bytes, Consumer<Throwable> lost) {
        if (!stream.isWritable()) {
            lost.accept(new ConnectException("peer reads too slowly"));
            return;
        }
        traffic.bytesSent.add(bytes.length);
        ByteBuf length = stream.alloc().buffer(4).writeInt(bytes.length);
        var unused = stream.writeAndFlush(Unpooled.wrappedBuffer(length, Unpooled.wrappedBuffer(bytes)))
                .addListener(sent -> {
                    if (!sent.isSuccess()) {
                        lost.accept(sent.cause());
                    }
                });
    }

    /** Closes both sockets and every connection, and ends the loop; bounded. */
    void close() {
        udp = null;
        tcp = null;
        var unused = group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }

    /** Takes datagrams in. */
    private final class Datagrams extends SimpleChannelInboundHandler<DatagramPacket> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            ByteBuf content = packet.content();
            traffic.datagramsReceived.increment();
            traffic.bytesReceived.add(content.readableBytes());
            if (content.readableBytes() > FrameCodec.MAX_DATAGRAM) {
                traffic.rejected.increment();
                return;
            }
            byte[] bytes = new byte[content.readableBytes()];
            content.readBytes(bytes);
            try {
                inbox.frame(FrameCodec.open(bytes, packet.sender(), boot));
            } catch (MalformedFrameException e) {
                traffic.rejected.increment();
            }
        }

        /** A datagram socket has no state to lose: an ICMP error of one peer must not end it. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            traffic.rejected.increment();
        }
    }
}
