package io.onlink.seal;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/** What a stranger's packet costs: a look, and no memory. */
class AllocationTest {
    private static final int PACKETS = 1_000_000;
    private static final long LIMIT = 1 << 20;

    private final Map<PacketRefusal, LongAdder> refused = new EnumMap<>(PacketRefusal.class);
    private final Sessions sessions = new Sessions(
            new Sessions.Self(2, Air.at(2), false), Air.keys("key"), new Counting(), new SecureRandom(), 0);

    private final class Counting implements Outlet {
        @Override
        public void datagram(InetSocketAddress to, byte[] packet) {
            throw new AssertionError("a stranger was answered");
        }

        @Override
        public void message(Session from, byte[] text) {
            throw new AssertionError("a stranger was heard");
        }

        @Override
        public void refused(PacketRefusal why, InetSocketAddress source, int keyId) {
            refused.get(why).increment();
        }

        @Override
        public void opened(Session session) {
            throw new AssertionError("a stranger got a session");
        }
    }

    AllocationTest() {
        for (PacketRefusal why : PacketRefusal.values()) {
            refused.put(why, new LongAdder());
        }
    }

    private long count(PacketRefusal why) {
        return refused.get(why).sum();
    }

    private long allocated(Runnable work) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(id);
        long begun = System.nanoTime();
        work.run();
        System.out.printf("measured %d packets: %d ns each%n", PACKETS, (System.nanoTime() - begun) / PACKETS);
        return threads.getThreadAllocatedBytes(id) - before;
    }

    @Test
    void aMillionRandomPacketsAllocateNothing() {
        Random random = new Random(1);
        byte[] packet = new byte[1400];
        random.nextBytes(packet);
        InetSocketAddress source = Air.at(1);
        long bytes = allocated(() -> {
            for (int i = 0; i < PACKETS; i++) {
                packet[random.nextInt(100)] = (byte) random.nextInt();
                packet[0] = i % 2 == 0 ? packet[0] : (byte) 0x13;
                sessions.datagram(packet, random.nextInt(1400), source, i);
            }
        });
        assertThat(bytes).isLessThan(LIMIT);
        assertThat(count(PacketRefusal.UNKNOWN_KEY)).isGreaterThan(PACKETS / 3);
    }

    @Test
    void aMillionPacketsWithOneBitFlippedAllocateNothing() {
        Key key = Key.published("key");
        Envelope.Header header = new Envelope.Header(Envelope.Type.HELLO, key, 1, 0, 1);
        byte[] good = new Envelope().seal(header, key.pair(1, 0), new byte[200]);
        byte[] packet = new byte[good.length];
        InetSocketAddress source = Air.at(1);
        Random random = new Random(1);
        long bytes = allocated(() -> {
            for (int i = 0; i < PACKETS; i++) {
                System.arraycopy(good, 0, packet, 0, good.length);
                int bit = random.nextInt(good.length * 8);
                packet[bit / 8] ^= (byte) (1 << bit % 8);
                sessions.datagram(packet, packet.length, source, i);
            }
        });
        assertThat(bytes).isLessThan(LIMIT);
        assertThat(count(PacketRefusal.MAC) + count(PacketRefusal.UNKNOWN_KEY) + count(PacketRefusal.TYPE))
                .isEqualTo(PACKETS);
    }

    @Test
    void aMillionCopiesOfAMembersPacketForAnotherMemberAllocateNothing() {
        Key key = Key.published("key");
        Envelope.Header header = new Envelope.Header(Envelope.Type.MESSAGE, key, 1, 3, 1);
        byte[] captured = new Envelope().seal(header, key.pair(1, 3), new byte[200]);
        byte[] packet = new byte[captured.length];
        InetSocketAddress source = Air.at(1);
        long bytes = allocated(() -> {
            for (int i = 0; i < PACKETS; i++) {
                System.arraycopy(captured, 0, packet, 0, captured.length);
                sessions.datagram(packet, packet.length, source, i);
            }
        });
        assertThat(bytes).isLessThan(LIMIT);
        assertThat(count(PacketRefusal.MAC)).isEqualTo(PACKETS);
    }
}
