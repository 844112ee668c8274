package io.onlink.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A million random datagrams and a million of the mesh's own with one bit flipped, taken in by a real agent. What the
 * looking allocates is measured to the byte by {@code TransportTest} and {@code AllocationTest}; here the JVM of the
 * agent says how much its gossip thread has allocated, for the talk of the members and the flood together.
 */
@Tag("netns")
@Timeout(240)
class NoiseIT {
    private static final int MILLION = 1_000_000;
    private static final int AT_ONCE = 100_000;
    private static final int MEBIBYTE_IN_KIB = 1024;

    @TempDir
    private Path work;

    /** One datagram, and how long it is. */
    private interface Noise {
        int next(byte[] into);
    }

    /** Sends until the agent has taken a million in; the kernel throws away what comes too fast. */
    private static int flood(Siege siege, Noise noise) throws Exception {
        long end = siege.received() + MILLION;
        return siege.attack(() -> {
            byte[] bytes = new byte[2048];
            try (Stranger stranger = new Stranger()) {
                while (siege.received() < end) {
                    for (int i = 0; i < AT_ONCE; i++) {
                        int length = noise.next(bytes);
                        stranger.send(bytes, length);
                    }
                    stranger.look();
                }
                return stranger.replies();
            }
        });
    }

    private static Noise random(Random random) {
        byte[] noise = new byte[2048];
        random.nextBytes(noise);
        return into -> {
            noise[random.nextInt(64)] = (byte) random.nextInt();
            int length = random.nextInt(300);
            System.arraycopy(noise, 0, into, 0, length);
            return length;
        };
    }

    private static Noise flipped(Random random, List<byte[]> captured) {
        return into -> {
            byte[] packet = captured.get(random.nextInt(captured.size()));
            System.arraycopy(packet, 0, into, 0, packet.length);
            int bit = random.nextInt(packet.length * Byte.SIZE);
            into[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            return packet.length;
        };
    }

    /** KiB a second that the gossip thread allocates while only the two members talk. */
    private static double talk(Siege siege) {
        long before = siege.allocatedKib();
        long begun = System.nanoTime();
        await().atMost(Siege.SOON).until(() -> System.nanoTime() - begun > 4_000_000_000L);
        return (siege.allocatedKib() - before) / ((System.nanoTime() - begun) / 1e9);
    }

    @Test
    void twoMillionDatagramsOfAStrangerChangeNothingAndAreNotAnswered() throws Exception {
        try (Siege siege = new Siege(work)) {
            siege.watch();
            List<byte[]> captured = Stream.of(siege.tap.between(2, 1), siege.tap.between(1, 2))
                    .flatMap(List::stream)
                    .map(Wiretap.Heard::bytes)
                    .toList();
            double talk = talk(siege);
            long before = siege.allocatedKib();
            long resident = siege.residentKib();
            long begun = System.nanoTime();
            int replies = flood(siege, random(new Random(1)));
            replies += flood(siege, flipped(new Random(2), captured));
            long all = siege.allocatedKib() - before;
            double seconds = (System.nanoTime() - begun) / 1e9;
            double flood = all - seconds * talk;
            System.out.printf(
                    "measured noise: %d KiB in %.1f s, of which talk of members %.1f KiB/s, so flood %.0f KiB;"
                            + " resident %d to %d KiB%n",
                    all, seconds, talk, flood, resident, siege.residentKib());
            assertThat(replies).isZero();
            assertThat(siege.refused("size", "type", "unknown_key", "mac")).isGreaterThan(2 * MILLION - 100);
            siege.assertUnmoved();
            assertThat(flood).isLessThan(MEBIBYTE_IN_KIB);
        }
    }
}
