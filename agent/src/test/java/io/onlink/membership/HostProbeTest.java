package io.onlink.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.onlink.inet.Ipv4;
import io.onlink.peer.Verdict;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
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
        return from(address, NioSocketChannel::new);
    }

    private Bootstrap from(String address, ChannelFactory<NioSocketChannel> sockets) {
        return new Bootstrap()
                .group(group)
                .channelFactory(sockets)
                .localAddress(Endpoint.socket(Ipv4.parse(address), 0));
    }

    private Verdict ask(String from, InetSocketAddress where) {
        return HostProbe.ask(group.next(), () -> from(from), where, new Patient(() -> MILLIS))
                .join();
    }

    /** Listens for that long, and keeps how long the host took. */
    private record Patient(IntSupplier millis, BlockingQueue<Long> took) implements HostProbe.Listening {
        Patient(IntSupplier millis) {
            this(millis, new LinkedBlockingQueue<>());
        }

        @Override
        public int patienceMillis() {
            return millis.getAsInt();
        }

        @Override
        public void answered(long after) {
            took.add(after);
        }
    }

    /** Counts what it asks the kernel to connect. */
    private static final class Counted extends NioSocketChannel {
        private final AtomicInteger connects;

        Counted(AtomicInteger connects) {
            this.connects = connects;
        }

        @Override
        protected boolean doConnect(SocketAddress to, SocketAddress from) throws Exception {
            connects.incrementAndGet();
            return super.doConnect(to, from);
        }
    }

    /** A port whose kernel drops what asks for a connection, until somebody takes those that wait. */
    private static final class Full implements AutoCloseable {
        private final ServerSocket socket;
        private final List<SocketChannel> fill = new ArrayList<>();

        Full() throws IOException {
            socket = new ServerSocket(
                    0, 1, Endpoint.socket(Ipv4.parse("127.0.0.1"), 0).getAddress());
            for (int i = 0; i < 8; i++) {
                SocketChannel channel = SocketChannel.open();
                channel.configureBlocking(false);
                channel.connect(where());
                fill.add(channel);
            }
        }

        InetSocketAddress where() {
            return Endpoint.socket(Ipv4.parse("127.0.0.1"), socket.getLocalPort());
        }

        /** What asks from now on is refused, and that is an answer. */
        void shut() throws IOException {
            socket.close();
        }

        @Override
        public void close() throws IOException {
            shut();
            for (SocketChannel channel : fill) {
                channel.close();
            }
        }
    }

    @Test
    void aRefusalIsAnAnswer() {
        assertThat(ask("127.0.0.1", Endpoint.socket(Ipv4.parse("127.0.0.1"), Node.freePort())))
                .isEqualTo(Verdict.ANSWERED);
    }

    @Test
    void aQuestionThatNothingComesBackToIsASilence() throws IOException {
        try (Full full = new Full()) {
            assertThat(ask("127.0.0.1", full.where())).isEqualTo(Verdict.SILENT);
        }
    }

    /** As many as the reckoning needs by which one living host in a million is called silent for lost packets alone. */
    @Test
    void aHostThatDoesNotAnswerIsAskedFiveTimes() throws IOException {
        AtomicInteger connects = new AtomicInteger();
        try (Full full = new Full()) {
            Supplier<Bootstrap> sockets = () -> from("127.0.0.1", () -> new Counted(connects));
            assertThat(HostProbe.ask(group.next(), sockets, full.where(), new Patient(() -> MILLIS))
                            .join())
                    .isEqualTo(Verdict.SILENT);
        }
        assertThat(connects).hasValue(5);
    }

    @Test
    void whoeverIsKnownToBeSlowIsListenedToForLonger() throws Exception {
        try (Full full = new Full()) {
            Patient patient = new Patient(() -> HostProbe.LONGEST_MILLIS);
            CompletableFuture<Verdict> verdict =
                    HostProbe.ask(group.next(), () -> from("127.0.0.1"), full.where(), patient);
            assertThatThrownBy(() -> verdict.get(MILLIS + 100, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
            full.shut();
            assertThat(verdict.join()).isEqualTo(Verdict.ANSWERED);
            assertThat(patient.took.take()).isBetween(800L, 5000L);
        }
    }

    /** A ping that came back late meanwhile, say. */
    @Test
    void aQuestionIsProlongedWhenTheWayProvesToBeSlowMeanwhile() throws Exception {
        try (Full full = new Full()) {
            AtomicInteger millis = new AtomicInteger(MILLIS);
            CompletableFuture<Verdict> verdict =
                    HostProbe.ask(group.next(), () -> from("127.0.0.1"), full.where(), new Patient(millis::get));
            millis.set(3000);
            assertThatThrownBy(() -> verdict.get(MILLIS + 500, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
            assertThat(verdict.join()).isEqualTo(Verdict.SILENT);
        }
    }

    @Test
    void howLateASilentHostAnswersIsLearntAfterTheVerdict() throws Exception {
        try (Full full = new Full()) {
            Patient patient = new Patient(() -> MILLIS);
            assertThat(HostProbe.ask(group.next(), () -> from("127.0.0.1"), full.where(), patient)
                            .join())
                    .isEqualTo(Verdict.SILENT);
            full.shut();
            assertThat(patient.took.poll(10, TimeUnit.SECONDS)).isBetween((long) MILLIS, 5000L);
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
            var unused = HostProbe.ask(group.next(), () -> from("127.0.0.1"), closed, new Patient(() -> MILLIS))
                    .thenAccept(verdict::complete);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(MILLIS + HostProbe.LATE_MILLIS / 2));
        });
        assertThat(verdict.join()).isEqualTo(Verdict.ANSWERED);
    }
}
