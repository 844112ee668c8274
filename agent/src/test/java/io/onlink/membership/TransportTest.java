package io.onlink.membership;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.onlink.seal.PacketRefusal;
import io.onlink.seal.Session;
import io.onlink.seal.Waiting;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The sockets as members and strangers meet them, on loopback. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class TransportTest {
    private static final int MILLION = 1_000_000;

    private final int port = Node.freePort();
    private final List<Transport> open = new ArrayList<>();
    private final List<Frame> heardBy2 = new CopyOnWriteArrayList<>();

    @AfterEach
    void closeAll() {
        open.forEach(Transport::close);
    }

    private Transport transport(int n, Transport.Inbox inbox) throws MembershipException {
        Transport transport = new Transport(Node.settings(Node.claim(n, 100 + n, 1, port)), new Traffic(), inbox);
        transport.open();
        open.add(transport);
        return transport;
    }

    private Endpoint at(int n) {
        return new Endpoint(Node.claim(n, 1, 1, port).nodeIp(), port, 100 + n);
    }

    private static ConditionFactory within(long millis) {
        return Awaitility.await().atMost(Duration.ofMillis(millis)).pollInterval(Duration.ofMillis(5));
    }

    private static Frame frame(int bytes) {
        return Frame.oneWay(Subject.MEMBERSHIP, new byte[bytes]);
    }

    private static long refused(Transport transport, PacketRefusal why) {
        return transport.traffic.snapshot().refused().getOrDefault(why, 0L);
    }

    @Test
    void shortFramesGoByDatagramLongOnesByStreamAndBothSayWhoseTheyAre() throws MembershipException {
        Transport one = transport(1, frame -> {});
        Transport two = transport(2, heardBy2::add);
        List<String> lost = new CopyOnWriteArrayList<>();
        for (int bytes : new int[] {0, 1354, 1355, 100_000, 1_000_000}) {
            one.send(at(2), frame(bytes), error -> lost.add(bytes + " " + error.getMessage()));
        }
        within(5000).until(() -> heardBy2.size() == 5);
        assertThat(lost).isEmpty();
        assertThat(heardBy2.stream().map(frame -> frame.payload.length))
                .containsExactlyInAnyOrder(0, 1354, 1355, 100_000, 1_000_000);
        assertThat(heardBy2).allSatisfy(frame -> assertThat(frame.source).isEqualTo(at(1)));
        assertThat(two.traffic.snapshot().datagramsReceived()).isEqualTo(4);
        assertThat(two.traffic.snapshot().rejected()).isZero();
    }

    @Test
    void whereNobodyAnswersTheFrameIsSaidToBeLostAfterFiveSeconds() throws MembershipException {
        Transport one = transport(1, frame -> {});
        List<String> lost = new CopyOnWriteArrayList<>();
        one.send(at(9), frame(1), error -> lost.add(error.getMessage()));
        within(9000).until(() -> !lost.isEmpty());
        assertThat(lost).containsExactly("nobody answers there");
    }

    @Test
    void whatWaitsForAnAnswerIsBoundedInBytesAndMakesRoomWhenItIsLost() throws MembershipException {
        Transport one = transport(1, frame -> {});
        List<String> lost = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 100; i++) {
            one.send(at(9), frame(1_000_000), error -> lost.add(error.getMessage()));
        }
        within(9000).until(() -> lost.size() == 100);
        assertThat(lost.subList(0, 98)).containsOnly("too much waits to go out already");
        assertThat(lost.subList(98, 100)).containsOnly("nobody answers there");
        transport(2, heardBy2::add);
        for (int i = 1; i <= 10; i++) {
            int sent = i;
            one.send(at(2), frame(1_000_000), error -> lost.add(error.getMessage()));
            within(5000).until(() -> heardBy2.size() == sent);
        }
        assertThat(lost).hasSize(100);
    }

    @Test
    void anotherKeyIsNoWayIn() throws MembershipException {
        transport(2, heardBy2::add);
        GossipSettings settings = Node.settings(Node.claim(1, 101, 1, port));
        Transport stranger = new Transport(
                new GossipSettings(settings.bind(), port, List.of(), settings.self(), Node.newKeyring()),
                new Traffic(),
                frame -> {});
        stranger.open();
        open.add(stranger);
        List<String> lost = new CopyOnWriteArrayList<>();
        stranger.send(at(2), frame(1), error -> lost.add(error.getMessage()));
        within(9000).until(() -> !lost.isEmpty());
        assertThat(heardBy2).isEmpty();
        assertThat(stranger.traffic.snapshot().datagramsReceived())
                .as("answers")
                .isZero();
    }

    private Socket connected() throws IOException {
        Socket socket = new Socket("127.0.1.2", port);
        socket.setSoTimeout(20);
        return socket;
    }

    /** Whether the other end has closed, without having sent a byte. */
    private static boolean closed(Socket socket) {
        try {
            InputStream in = socket.getInputStream();
            int read = in.read();
            assertThat(read).as("what a stranger is answered").isEqualTo(-1);
            return true;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (SocketException reset) {
            return true;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void strangersThatSayNothingAndThatTrickleAreClosedAfterFiveSeconds() throws Exception {
        Transport two = transport(2, heardBy2::add);
        long begun = System.nanoTime();
        try (Socket silent = connected();
                Socket slow = connected()) {
            within(9000).until(() -> {
                try {
                    slow.getOutputStream().write(0);
                } catch (SocketException gone) {
                    return closed(slow) && closed(silent);
                }
                return closed(slow) && closed(silent);
            });
            assertThat(System.nanoTime() - begun).isGreaterThan(TimeUnit.SECONDS.toNanos(4));
        }
        assertThat(refused(two, PacketRefusal.CONNECTION) + refused(two, PacketRefusal.SIZE))
                .isGreaterThanOrEqualTo(1);
    }

    @Test
    void lengthsThatAStrangerMayNotSendAreClosedAtOnce() throws Exception {
        Transport two = transport(2, heardBy2::add);
        for (int length : new int[] {-1, 0, 44, 1401, 1 << 20, Integer.MAX_VALUE}) {
            try (Socket socket = connected()) {
                socket.getOutputStream()
                        .write(ByteBuffer.allocate(4).putInt(length).array());
                within(2000).until(() -> closed(socket));
            }
        }
        assertThat(refused(two, PacketRefusal.SIZE)).isEqualTo(6);
        try (Socket socket = connected()) {
            socket.getOutputStream().write(ByteBuffer.allocate(64).putInt(60).array());
            within(2000).until(() -> closed(socket));
        }
        assertThat(refused(two, PacketRefusal.TYPE)).isEqualTo(1);
    }

    @Test
    void theNinthStrangerOfOneAddressCostsTheFirstItsPlaceAndNoMember() throws Exception {
        Transport one = transport(1, frame -> {});
        Transport two = transport(2, heardBy2::add);
        one.send(at(2), frame(2000), error -> {});
        within(2000).until(() -> heardBy2.size() == 1);
        List<Socket> strangers = new ArrayList<>();
        try {
            for (int i = 0; i < 30; i++) {
                strangers.add(connected());
            }
            within(2000).until(() -> refused(two, PacketRefusal.CONNECTION) == 30 - Doors.MAX_STRANGERS_OF_ONE);
            assertThat(strangers.stream().filter(TransportTest::closed)).hasSize(30 - Doors.MAX_STRANGERS_OF_ONE);
            one.send(at(2), frame(3000), error -> {});
            within(2000).until(() -> heardBy2.size() == 2);
            assertThat(refused(two, PacketRefusal.CONNECTION)).isEqualTo(30 - Doors.MAX_STRANGERS_OF_ONE);
        } finally {
            for (Socket socket : strangers) {
                socket.close();
            }
        }
    }

    /** A member's own connection to transport 2, on which it has begun a packet of this length. */
    private Socket begun(int n, int bytes) throws Exception {
        Transport member = transport(n, frame -> {});
        CompletableFuture<byte[]> opener = new CompletableFuture<>();
        member.loop()
                .execute(() -> member.sessions.reach(at(2).socket(), 102, System.nanoTime(), new Waiting() {
                    @Override
                    public void up(Session session) {
                        opener.complete(member.sessions.opener(session));
                    }

                    @Override
                    public void lost(String why) {
                        opener.completeExceptionally(new ConnectException(why));
                    }
                }));
        byte[] first = opener.get(5, TimeUnit.SECONDS);
        Socket socket = connected();
        socket.getOutputStream()
                .write(ByteBuffer.allocate(8 + first.length + bytes - 1)
                        .putInt(first.length)
                        .put(first)
                        .putInt(bytes)
                        .array());
        return socket;
    }

    @Test
    void packetsThatMembersDoNotFinishAreBoundedForAllTogether() throws Exception {
        Transport two = transport(2, heardBy2::add);
        List<Socket> slow = new ArrayList<>();
        try {
            for (int n = 3; n < 11; n++) {
                slow.add(begun(n, 1_000_000));
            }
            within(5000).until(() -> slow.stream().filter(TransportTest::closed).count() == 4);
            assertThat(refused(two, PacketRefusal.CONNECTION)).isEqualTo(4);
            Transport one = transport(1, frame -> {});
            one.send(at(2), frame(1_000_000), error -> {});
            within(5000).until(() -> heardBy2.size() == 1);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    private static long allocated(Transport transport) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = transport.loop().submit(() -> Thread.currentThread().getId()).get();
        return threads.getThreadAllocatedBytes(id);
    }

    /** Sends a million datagrams from one stranger, and takes none back. */
    private void flood(Transport target, Random random, byte[] pattern) throws IOException {
        InetSocketAddress there = at(2).socket();
        long begun = System.nanoTime();
        try (DatagramSocket stranger = new DatagramSocket()) {
            stranger.setSoTimeout(1);
            byte[] bytes = pattern.clone();
            DatagramPacket packet = new DatagramPacket(bytes, bytes.length, there);
            for (int i = 0; i < MILLION; i++) {
                if (pattern.length == 1400) {
                    bytes[random.nextInt(64)] = (byte) random.nextInt();
                    packet.setLength(random.nextInt(200));
                } else {
                    System.arraycopy(pattern, 0, bytes, 0, bytes.length);
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                }
                stranger.send(packet);
            }
            try {
                stranger.receive(packet);
                throw new AssertionError("a stranger was answered");
            } catch (SocketTimeoutException silence) {
                assertThat(silence).isNotNull();
            }
        }
        System.out.printf(
                "measured flood: %d ns a datagram, %d taken in%n",
                (System.nanoTime() - begun) / MILLION, target.traffic.snapshot().datagramsReceived());
    }

    @Test
    void aMillionRandomAndAMillionFlippedDatagramsAllocateNothingAndAreNotAnsweredWhileMembersTalk() throws Exception {
        Transport one = transport(1, frame -> {});
        Transport two = transport(2, heardBy2::add);
        one.send(at(2), frame(100), error -> {});
        within(2000).until(() -> heardBy2.size() == 1);
        byte[] captured = captured();
        Random random = new Random(5);
        byte[] noise = new byte[1400];
        random.nextBytes(noise);
        long sessions = two.traffic.sessions.sum();
        long before = allocated(two);
        flood(two, random, noise);
        flood(two, random, captured);
        long allocated = allocated(two) - before;
        System.out.println("measured allocation: " + allocated + " bytes");
        assertThat(allocated).isLessThan(1 << 20);
        assertThat(two.traffic.snapshot().datagramsReceived()).isGreaterThan(MILLION);
        assertThat(two.traffic.datagramsSent.sum()).isLessThan(5);
        assertThat(two.traffic.sessions.sum()).isEqualTo(sessions);
        assertThat(heardBy2).hasSize(1);
        talkInAFlood(one, noise);
    }

    private void talkInAFlood(Transport one, byte[] noise) throws Exception {
        heardBy2.clear();
        Thread flood = new Thread(() -> {
            try (DatagramSocket stranger = new DatagramSocket()) {
                DatagramPacket packet = new DatagramPacket(noise, 300, at(2).socket());
                while (!Thread.currentThread().isInterrupted()) {
                    stranger.send(packet);
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        flood.start();
        try {
            for (int i = 1; i <= 200; i++) {
                int sent = i;
                one.send(at(2), frame(i % 50 == 0 ? 5000 : 100), error -> {});
                within(10_000).until(() -> heardBy2.size() >= sent - 10);
            }
        } finally {
            flood.interrupt();
            flood.join();
        }
        System.out.println("measured heard of 200 in a flood: " + heardBy2.size());
    }

    /** A good packet of a member for transport 2, as one who listens on the wire has it. */
    private byte[] captured() throws Exception {
        try (DatagramSocket wire = new DatagramSocket(at(7).socket())) {
            wire.setSoTimeout(5000);
            Transport three = transport(3, frame -> {});
            three.send(new Endpoint(at(7).ip(), port, 0), frame(1), error -> {});
            DatagramPacket packet = new DatagramPacket(new byte[1400], 1400);
            wire.receive(packet);
            return Arrays.copyOf(packet.getData(), packet.getLength());
        }
    }
}
