package io.onlink.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Serves the pages, over TCP and a unix socket, on one thread of its own. */
public final class HttpServer implements AutoCloseable {
    private static final long CLOSE_SECONDS = 2;

    private final Pages pages;
    private final MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("onlink-http", true), NioIoHandler.newFactory());
    private final ChannelGroup channels = new DefaultChannelGroup(loop.next());
    private @Nullable SocketFile socketFile;

    /**
     * Binds nothing yet.
     *
     * @throws IllegalArgumentException if two pages have one method and path
     */
    public HttpServer(List<Page> pages) {
        this.pages = Pages.of(pages);
    }

    /**
     * Serves the pages flagged for TCP.
     *
     * @param host an address or name of this host
     * @param port 0 for any free one
     * @return where it listens
     * @throws IOException if it cannot, with what was tried and why
     */
    public InetSocketAddress bindTcp(String host, int port) throws IOException {
        InetSocketAddress wanted = new InetSocketAddress(host, port);
        if (wanted.isUnresolved()) {
            throw new IOException("cannot listen on " + host + ":" + port + ": the host name has no address");
        }
        ServerBootstrap listener = listener(NioServerSocketChannel.class, pages.overTcp());
        listener.option(ChannelOption.SO_REUSEADDR, true);
        String advice = "; stop the other program (ss -lntp 'sport = :" + port + "'), or choose another --http, or off";
        return (InetSocketAddress)
                bind(listener, wanted, "TCP " + host + ":" + port, advice).localAddress();
    }

    /**
     * Serves all pages on a unix socket that owner and group may use (mode 0660). A socket file nobody answers on is
     * replaced. Call it once.
     *
     * @throws IOException if the path is too long, is something else than a socket, or another agent answers on it
     */
    public void bindUnix(Path path) throws IOException {
        SocketFile file = new SocketFile(path);
        file.checkFree();
        file.clearStaging();
        bind(
                listener(NioServerDomainSocketChannel.class, pages),
                UnixDomainSocketAddress.of(file.staging()),
                path.toString(),
                "; choose another --run-dir");
        file.publish();
        socketFile = file;
    }

    private ServerBootstrap listener(Class<? extends ServerChannel> type, Pages served) {
        return new ServerBootstrap()
                .group(loop)
                .channel(type)
                .childOption(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(Limits.READ).maxMessagesPerRead(1))
                .childHandler(new Door(served, channels));
    }

    private Channel bind(ServerBootstrap listener, SocketAddress address, String name, String advice)
            throws IOException {
        ChannelFuture bound = listener.bind(address).awaitUninterruptibly();
        Throwable failure = bound.cause();
        if (failure != null) {
            throw new IOException("cannot listen on " + name + ": " + failure.getMessage() + advice, failure);
        }
        channels.add(bound.channel());
        return bound.channel();
    }

    /** Takes the socket file away, closes listeners and clients, and ends the thread. What was answered goes out first. */
    @Override
    public void close() throws IOException {
        try {
            if (socketFile != null) {
                socketFile.delete();
            }
        } finally {
            // An answer that came a moment ago may still be on its way through the loop: asked for, then written.
            for (int step = 0; step < 2 && !loop.isShuttingDown(); step++) {
                loop.submit(() -> {}).awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
            }
            channels.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
            loop.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
                    .awaitUninterruptibly(2 * CLOSE_SECONDS, TimeUnit.SECONDS);
        }
    }
}
