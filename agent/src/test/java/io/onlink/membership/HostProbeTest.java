package io.onlink.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.onlink.inet.Ipv4;
import io.onlink.peer.Verdict;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HostProbeTest {
    private static final int MILLIS = 1500;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    @AfterEach
    void end() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private Bootstrap from(String address) {
        return new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .localAddress(Endpoint.socket(Ipv4.parse(address), 0));
    }

    private Verdict ask(String from, InetSocketAddress where) {
        return HostProbe.ask(group.next(), () -> from(from), where, MILLIS).join();
    }

    @Test
    void aRefusalIsAnAnswer() {
        assertThat(ask("127.0.0.1", Endpoint.socket(Ipv4.parse("127.0.0.1"), Node.freePort())))
                .isEqualTo(Verdict.ANSWERED);
    }

    @Test
    void aQuestionThatNothingComesBackToIsASilence() throws IOException {
        List<SocketChannel> fill = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(
                0, 1, Endpoint.socket(Ipv4.parse("127.0.0.1"), 0).getAddress())) {
            InetSocketAddress where = Endpoint.socket(Ipv4.parse("127.0.0.1"), full.getLocalPort());
            for (int i = 0; i < 8; i++) {
                SocketChannel channel = SocketChannel.open();
                channel.configureBlocking(false);
                channel.connect(where);
                fill.add(channel);
            }
            assertThat(ask("127.0.0.1", where)).isEqualTo(Verdict.SILENT);
        } finally {
            for (SocketChannel channel : fill) {
                channel.close();
            }
        }
    }

    @Test
    void withoutTheAddressToAskFromNothingIsAsked() {
        assertThat(ask("203.0.113.7", Endpoint.socket(Ipv4.parse("127.0.0.1"), 9)))
                .isEqualTo(Verdict.NOT_ASKED);
    }

    @Test
    void withoutAWayThereNothingIsAsked() {
        // Loopback cannot be a source of packets to elsewhere: the kernel refuses, whatever routes it has.
        assertThat(ask("127.0.0.1", Endpoint.socket(Ipv4.parse("203.0.113.7"), 9)))
                .isEqualTo(Verdict.NOT_ASKED);
    }

    /** For want of a processor; the answer is there when it goes on, and is to be read before the question ends. */
    @Test
    void aLoopThatStoodStillForTheWholeQuestionTakesNoUnreadAnswerForSilence() {
        InetSocketAddress closed = Endpoint.socket(Ipv4.parse("127.0.0.1"), Node.freePort());
        CompletableFuture<Verdict> verdict = new CompletableFuture<>();
        group.next().execute(() -> {
            var unused = HostProbe.ask(group.next(), () -> from("127.0.0.1"), closed, MILLIS)
                    .thenAccept(verdict::complete);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(MILLIS + HostProbe.LATE_MILLIS / 2));
        });
        assertThat(verdict.join()).isEqualTo(Verdict.ANSWERED);
    }
}
