package io.onlink.membership;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.onlink.inet.Ipv4;
import io.onlink.seal.Envelope;
import io.onlink.seal.Keyring;
import io.onlink.seal.Outlet;
import io.onlink.seal.PacketRefusal;
import io.onlink.seal.Session;
import io.onlink.seal.Sessions;
import io.onlink.seal.Waiting;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sockets: one UDP and one TCP port on one address, served by one event loop, which owns the sessions too.
 *
 * <p>A frame goes out as one datagram if it fits, else over a connection, which is kept while it is used. What comes in
 * and is not sealed by a member is counted and dropped without an answer, before anything in it is read.
 */
final class Transport implements Outlet {
    /** Time a connection attempt may take, in milliseconds. */
    static final int CONNECT_TIMEOUT_MILLIS = 1000;

    /** Receives every frame, on the event loop. */
    interface Inbox {
        /** Takes a frame; {@link Frame#source} is where an answer goes. */
        void frame(Frame frame);
    }

    final Traffic traffic;
    final Doors doors = new Doors();
    final Sessions sessions;
    private final Inbox inbox;
    private final GossipSettings settings;
    private final IoEventLoopGroup group = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("onlink-gossip", true), NioIoHandler.newFactory());
    private final IoEventLoop loop = group.next();
    private final ByteBufAllocator heap = new UnpooledByteBufAllocator(false);
    private final Backlog backlog = new Backlog();
    private final OutboundStreams streams = new OutboundStreams(this);

    /** Rings when an unanswered question is to be looked after, and when that is; of the event loop alone. */
    private @Nullable Future<?> alarm;

    private long alarmAt;

    /** Where members should be, whether or not this run has spoken with them; of the event loop alone. */
    private Set<InetAddress> expected = Set.of();

    private volatile @Nullable GossipSocket udp;

    Transport(GossipSettings settings, Traffic traffic, Inbox inbox) {
        this.settings = settings;
        this.traffic = traffic;
        this.inbox = inbox;
        Endpoint self = settings.endpoint();
        boolean anywhere = settings.bind().equals(Ipv4.ANY);
        this.sessions = new Sessions(
                new Sessions.Self(self.boot(), self.socket(), anywhere),
                settings.keyring(),
                this,
                new SecureRandom(),
                System.nanoTime());
    }

    EventLoop loop() {
        return loop;
    }

    /** Binds both sockets; the loop's threads run only from here. */
    void open() throws MembershipException {
        InetSocketAddress local = Endpoint.socket(settings.bind(), settings.port());
        Channel unused = bound(
                new ServerBootstrap()
                        .group(group)
                        .channel(NioServerSocketChannel.class)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.ALLOCATOR, heap)
                        .childHandler(new ChannelInitializer<SocketChannel>() {
                            @Override
                            protected void initChannel(SocketChannel channel) {
                                channel.pipeline().addLast(new InboundStream(Transport.this));
                            }
                        })
                        .bind(local),
                "TCP");
        try {
            udp = GossipSocket.open(local, loop, this::datagram);
        } catch (IOException e) {
            throw failed("UDP", e);
        }
    }

    private Channel bound(ChannelFuture binding, String protocol) throws MembershipException {
        if (binding.awaitUninterruptibly(10, TimeUnit.SECONDS) && binding.isSuccess()) {
            return binding.channel();
        }
        throw failed(protocol, binding.cause());
    }

    private MembershipException failed(String protocol, @Nullable Throwable cause) {
        close();
        String where = protocol + " port " + settings.port() + " of " + settings.bind();
        String advice = cause != null && !(cause instanceof BindException)
                ? where + " cannot be opened; if this process has too few descriptors, raise them (ulimit -n)"
                : ownAddress()
                        ? where + " is taken or not allowed: stop the other program (ss -lntup 'sport = :"
                                + settings.port() + "') or choose another gossip port"
                        : where + ": no such address on this host; give gossip an address that 'ip address' shows";
        return new MembershipException(
                "gossip cannot start: " + advice + reason(cause), cause == null ? new ConnectException() : cause);
    }

    private static String reason(@Nullable Throwable cause) {
        Throwable root = cause;
        while (root != null && root.getCause() != null) {
            root = root.getCause();
        }
        return root == null ? " (timed out)" : " (" + root.getMessage() + ")";
    }

    /** Asked of the kernel itself: its error texts follow the locale. */
    private boolean ownAddress() {
        try (DatagramSocket any = new DatagramSocket(Endpoint.socket(settings.bind(), 0))) {
            return any.isBound();
        } catch (SocketException e) {
            return false;
        }
    }

    /** Changes the keys; the loop does it next. */
    void keyring(Keyring keyring) {
        loop.execute(() -> sessions.keyring(keyring));
    }

    /**
     * Sends the frame to this run of an agent, or to whoever is there: by datagram if it fits, else by connection. Any
     * thread. A member never spoken to is asked for a session first.
     *
     * @param lost told, on the event loop or at once, if it is known that the frame does not go out
     */
    void send(Endpoint to, Frame frame, Consumer<Throwable> lost) {
        byte[] text;
        try {
            text = FrameCodec.encode(frame);
        } catch (IllegalArgumentException tooLarge) {
            lost.accept(tooLarge);
            return;
        }
        boolean fits = text.length + Envelope.OVERHEAD <= FrameCodec.MAX_DATAGRAM;
        if (udp == null || loop.isShuttingDown()) {
            lost.accept(new ConnectException("gossip is closed"));
        } else if (loop.inEventLoop()) {
            reach(to, text, fits, lost);
        } else {
            loop.execute(() -> reach(to, text, fits, lost));
        }
    }

    private void reach(Endpoint to, byte[] text, boolean fits, Consumer<Throwable> lost) {
        if (!backlog.add(to, text.length)) {
            lost.accept(new ConnectException("too much waits to go out already"));
            return;
        }
        OutboundStreams.Outcome outcome = error -> {
            backlog.remove(to, text.length);
            if (error != null) {
                lost.accept(error);
            }
        };
        sessions.reach(to.socket(), to.boot(), System.nanoTime(), new Waiting() {
            @Override
            public void up(Session session) {
                if (fits) {
                    sessions.send(session, text, System.nanoTime());
                    outcome.over(null);
                } else {
                    streams.send(session, text, outcome);
                }
            }

            @Override
            public void lost(String why) {
                outcome.over(new ConnectException(why));
            }
        });
        tickLater();
    }

    /** Nothing ticks while no answer is waited for; what is due earlier than the alarm rings brings it forward. */
    private void tickLater() {
        if (!sessions.busy()) {
            return;
        }
        long deadline = sessions.deadline();
        Future<?> set = alarm;
        if (set != null) {
            if (deadline - alarmAt >= 0) {
                return;
            }
            set.cancel(false);
        }
        alarmAt = deadline;
        alarm = loop.schedule(
                () -> {
                    alarm = null;
                    sessions.tick(System.nanoTime());
                    tickLater();
                },
                Math.max(0, deadline - System.nanoTime()),
                TimeUnit.NANOSECONDS);
    }

    private void datagram(byte[] packet, int length, InetSocketAddress source) {
        traffic.datagramsReceived.increment();
        traffic.bytesReceived.add(length);
        if (length > FrameCodec.MAX_DATAGRAM) {
            traffic.refused(PacketRefusal.SIZE);
        } else {
            sessions.datagram(packet, length, source, System.nanoTime());
            askAgainInTime();
        }
    }

    /** Takes a frame of a stream in; null if the stream is to be closed. */
    @Nullable
    Session frame(byte[] packet, InetSocketAddress source, long now) {
        Session from = sessions.frame(packet, source, now);
        askAgainInTime();
        return from;
    }

    /** What is heard may begin a handshake too, with one that has lost its session. */
    private void askAgainInTime() {
        if (alarm == null) {
            tickLater();
        }
    }

    @Override
    public void datagram(InetSocketAddress to, byte[] packet) {
        GossipSocket socket = udp;
        if (socket != null) {
            traffic.datagramsSent.increment();
            traffic.bytesSent.add(packet.length);
            socket.send(to, packet);
        }
    }

    @Override
    public void message(Session from, byte[] text) {
        Frame frame;
        try {
            frame = FrameCodec.decode(text).from(Endpoint.of(from.address(), from.boot()));
        } catch (MalformedFrameException e) {
            traffic.refused(PacketRefusal.CONTENT);
            return;
        }
        inbox.frame(frame);
    }

    /** Members should be at these addresses, and at no others said before; on the event loop. */
    void expect(Set<InetAddress> addresses) {
        expected = addresses;
    }

    /** Whether a member has been at this address, or should be. Allocates nothing. */
    boolean knows(InetAddress address) {
        return sessions.met(address) || expected.contains(address);
    }

    @Override
    public void refused(PacketRefusal why, InetSocketAddress source, int keyId) {
        traffic.refused(why);
        if (why == PacketRefusal.UNKNOWN_KEY && knows(source.getAddress())) {
            traffic.leftBehind.packet(source.getAddress(), keyId, System.nanoTime());
        }
    }

    @Override
    public void opened(Session session) {
        traffic.sessions.increment();
    }

    /** A connection attempt from this node's address; the handler is the caller's. */
    Bootstrap outgoing() {
        Bootstrap bootstrap = new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.ALLOCATOR, heap)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS);
        return settings.bind().equals(Ipv4.ANY)
                ? bootstrap
                : bootstrap.localAddress(Endpoint.socket(settings.bind(), 0));
    }

    /** Closes both sockets and every connection, and ends the loop; bounded. */
    void close() {
        udp = null;
        var unused = group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
