package io.onlink.netlink;

import static io.onlink.guard.Tables.table;
import static io.onlink.netlink.Packets.IPIP;
import static io.onlink.netlink.Packets.UDP;
import static io.onlink.netlink.Packets.packet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.onlink.guard.DropReason;
import io.onlink.guard.GuardChange;
import io.onlink.guard.GuardCounts;
import io.onlink.guard.GuardDiff;
import io.onlink.guard.GuardReading;
import io.onlink.guard.GuardTable;
import io.onlink.guard.Stray;
import io.onlink.inet.Ipv4;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The twenty kinds of packet at host A of a mesh of three, whose peers are B and C; X is a stranger.
 *
 * <p>A is 10.99.0.1 with subnet 10.42.1.0/24 and a LAN 192.168.50.0/24, B is 10.99.0.2 with 10.42.2.0/24, C is 10.99.0.3
 * with 10.42.3.0/24. Packets meet this kernel's own nf_tables; in the place of the kernel's ipip stands a raw socket that
 * takes off the outer header of what is let in and puts the rest on the wire of a veth named tunl0.
 */
@Tag("netns")
class GuardMatrixTest {
    private static final String A = "10.99.0.1";
    private static final String B = "10.99.0.2";
    private static final String C = "10.99.0.3";
    private static final String X = "10.99.0.66";
    private static final String W = "10.42.1.5";
    private static final byte[] DATA = new byte[64];
    private static final GuardTable PEERS = table("10.42.1.0/24", B + " . 10.42.2.0/24", C + " . 10.42.3.0/24");

    private static void inside(Body body) throws Exception {
        Namespace.inside(() -> {
            Namespace.run("ip link add tunl0 type veth peer name wire");
            Namespace.run("ip address add 10.42.1.0/32 dev tunl0");
            Namespace.run("ip address add " + A + "/32 dev lo");
            Namespace.run("ip link set wire up");
            Namespace.run("ip link set tunl0 up");
            Namespace.run("ip route add 10.99.0.0/24 dev tunl1");
            // What passes the guard at the tunnel is counted behind it.
            Namespace.feed("nft -f -", """
                    table ip behind {
                      counter in { }
                      chain c { type filter hook prerouting priority -290; iifname "tunl0" counter name in; }
                    }
                    """);
            try (NftGuard guard = NftGuard.open("tunl0");
                    Packets packets = new Packets("wire")) {
                guard.apply(new GuardChange.Rewrite(PEERS));
                body.run(guard, packets);
            }
        });
    }

    private interface Body {
        void run(NftGuard guard, Packets packets) throws Exception;
    }

    private static byte[] tunnel(String outer, String from, String to) {
        return packet(outer, A, IPIP, packet(from, to, UDP, DATA));
    }

    private static long behind() throws Exception {
        return Long.parseLong(
                Namespace.run("nft list counter ip behind in").replaceAll("(?s).*packets ([0-9]+).*", "$1"));
    }

    private static long dropped(NftGuard guard) throws Exception {
        return guard.counts(false).dropped().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** Whether the packet, in one piece or several, comes out of the tunnel. */
    private static boolean letIn(NftGuard guard, Packets packets, byte[]... pieces) throws Exception {
        long before = dropped(guard);
        Arrays.stream(pieces).forEach(packets::send);
        byte[] inner = received(guard, packets, before);
        if (inner == null) {
            return false;
        }
        long in = behind();
        packets.inject(inner);
        await().atMost(Duration.ofSeconds(5))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> behind() > in || dropped(guard) > before);
        return behind() > in;
    }

    private static byte @Nullable [] received(NftGuard guard, Packets packets, long before) throws Exception {
        byte[][] inner = new byte[1][];
        await().atMost(Duration.ofSeconds(5)).pollInterval(Duration.ofMillis(2)).until(() -> {
            inner[0] = packets.received();
            return inner[0] != null || dropped(guard) > before;
        });
        return inner[0];
    }

    private static byte[][] inTwoFragments(byte[] inner) {
        byte[] first = Arrays.copyOfRange(inner, 0, 48);
        byte[] second = Arrays.copyOfRange(inner, 48, inner.length);
        return new byte[][] {
            packet(B, A, IPIP, first, new byte[0], 0x2000), packet(B, A, IPIP, second, new byte[0], 48 / 8)
        };
    }

    private static byte[] nested(int depth) {
        byte[] packet = packet("10.42.2.5", "10.42.1.0", UDP, DATA);
        for (int i = 1; i < depth; i++) {
            packet = packet("10.42.2.5", "10.42.1.0", IPIP, packet);
        }
        return packet(B, A, IPIP, packet);
    }

    private static Map<String, byte[][]> legitimate() {
        Map<String, byte[][]> cases = new LinkedHashMap<>();
        cases.put("B itself to A itself", one(tunnel(B, "10.42.2.0", "10.42.1.0")));
        cases.put("a workload of B to W", one(tunnel(B, "10.42.2.5", W)));
        cases.put("a workload of C to A itself", one(tunnel(C, "10.42.3.9", "10.42.1.0")));
        cases.put("of B in two fragments", inTwoFragments(packet("10.42.2.5", W, UDP, DATA)));
        return cases;
    }

    private static Map<String, byte[][]> hostile() {
        Map<String, byte[][]> cases = new LinkedHashMap<>();
        cases.put("stranger: X with its own address", one(tunnel(X, X, "10.42.1.0")));
        cases.put("stranger: X as a workload of B", one(tunnel(X, "10.42.2.5", W)));
        cases.put("stranger: X as a workload of A", one(tunnel(X, "10.42.1.9", "10.42.1.0")));
        cases.put("stranger: X as A itself", one(tunnel(X, A, A)));
        cases.put("stranger: X to loopback", one(tunnel(X, "10.42.2.5", "127.0.0.1")));
        cases.put("stranger: X from the internet", one(tunnel(X, "8.8.8.8", W)));
        cases.put("stranger: X to A's LAN", one(tunnel(X, X, "192.168.50.9")));
        cases.put("stranger: X to C by A", one(tunnel(X, X, "10.42.3.5")));
        cases.put("spoofed: B as a workload of C", one(tunnel(B, "10.42.3.9", W)));
        cases.put("spoofed: B from the internet", one(tunnel(B, "8.8.8.8", W)));
        cases.put("not_ours: B to A's LAN", one(tunnel(B, "10.42.2.5", "192.168.50.9")));
        cases.put("not_ours: B to C by A", one(tunnel(B, "10.42.2.5", "10.42.3.5")));
        cases.put("not_ours: B to A's node IP", one(tunnel(B, "10.42.2.5", A)));
        cases.put("nested: B in a packet of B", one(nested(2)));
        cases.put("malformed: B with outer options", one(withOptions()));
        cases.put("let in: X as B, with a workload of B", one(tunnel(B, "10.42.2.77", W)));
        return cases;
    }

    private static byte[] withOptions() {
        return packet(B, A, IPIP, packet("10.42.2.5", W, UDP, DATA), new byte[] {1, 1, 1, 1}, 0);
    }

    private static byte[][] one(byte[] packet) {
        return new byte[][] {packet};
    }

    @Test
    void allFourLegitimateKindsPassAndOfSixteenHostileOnesOnlyTheSpoofedOuterSource() throws Exception {
        inside((guard, packets) -> {
            for (Map.Entry<String, byte[][]> one : legitimate().entrySet()) {
                assertThat(letIn(guard, packets, one.getValue()))
                        .as(one.getKey())
                        .isTrue();
            }
            assertThat(dropped(guard)).isZero();
            Map<DropReason, Long> expected = new EnumMap<>(DropReason.class);
            for (DropReason reason : DropReason.values()) {
                expected.put(reason, 0L);
            }
            for (Map.Entry<String, byte[][]> one : hostile().entrySet()) {
                String reason = one.getKey().split(":", 2)[0];
                boolean spoofedOuter = reason.equals("let in");
                assertThat(letIn(guard, packets, one.getValue()))
                        .as(one.getKey())
                        .isEqualTo(spoofedOuter);
                if (!spoofedOuter) {
                    expected.merge(DropReason.valueOf(reason.toUpperCase(java.util.Locale.ROOT)), 1L, Long::sum);
                }
                assertThat(guard.counts(false).dropped()).as(one.getKey()).isEqualTo(expected);
            }
        });
    }

    @Test
    void withoutTheGuardAllTwentyComeIn() throws Exception {
        inside((guard, packets) -> {
            Namespace.run("nft flush chain ip onlink outer");
            Namespace.run("nft flush chain ip onlink inner");
            Map<String, byte[][]> all = new LinkedHashMap<>(legitimate());
            all.putAll(hostile());
            for (Map.Entry<String, byte[][]> one : all.entrySet()) {
                assertThat(letIn(guard, packets, one.getValue()))
                        .as(one.getKey())
                        .isTrue();
            }
        });
    }

    @Test
    void sixtyNestedHeadersCostOneDecapsulation() throws Exception {
        inside((guard, packets) -> {
            packets.send(nested(60));
            byte[] inner = received(guard, packets, 0);
            assertThat(inner).isNotNull();
            packets.inject(inner);
            await().atMost(Duration.ofSeconds(5)).until(() -> dropped(guard) == 1);
            assertThat(guard.counts(false).dropped()).containsEntry(DropReason.NESTED, 1L);
            assertThat(packets.received()).isNull();
            assertThat(behind()).isZero();
        });
    }

    @Test
    void whatCarriesNoIpv4IsMalformed() throws Exception {
        inside((guard, packets) -> {
            byte[] six = new byte[60];
            six[0] = 0x60;
            assertThat(letIn(guard, packets, packet(B, A, IPIP, six))).isFalse();
            assertThat(letIn(guard, packets, packet(B, A, IPIP, new byte[4]))).isFalse();
            assertThat(letIn(guard, packets, packet(X, A, IPIP, new byte[0]))).isFalse();
            assertThat(guard.counts(false).dropped())
                    .containsEntry(DropReason.MALFORMED, 2L)
                    .containsEntry(DropReason.STRANGER, 1L);
        });
    }

    @Test
    void whoseWasDroppedIsRememberedButForMoreThanIsKept() throws Exception {
        inside((guard, packets) -> {
            packets.send(tunnel(B, "10.42.2.5", W));
            packets.send(tunnel(X, "10.42.2.0", "10.42.1.0"));
            packets.send(tunnel(X, "10.42.2.0", "10.42.1.0"));
            packets.send(tunnel(B, "10.42.9.1", "10.42.1.0"));
            assertThat(guard.strays())
                    .containsExactlyInAnyOrder(
                            new Stray(Ipv4.parse(X), Ipv4.parse("10.42.2.0")),
                            new Stray(Ipv4.parse(B), Ipv4.parse("10.42.9.1")));
            for (int i = 0; i < 1500; i++) {
                packets.send(tunnel(X, "10." + i / 250 + "." + i % 250 + ".1", W));
            }
            assertThat(guard.strays()).hasSize(1024);
            assertThat(dropped(guard)).isEqualTo(1503);
            try (NftGuard fresh = NftGuard.open("tunl0")) {
                assertThat(fresh.read()).isEqualTo(GuardReading.intact(PEERS));
            }
        });
    }

    @Test
    void eachPeersPacketsAndBytesAreExact() throws Exception {
        inside((guard, packets) -> {
            Random random = new Random(4);
            Map<String, GuardCounts.Traffic> expected = new LinkedHashMap<>();
            expected.put(B, GuardCounts.Traffic.NONE);
            expected.put(C, GuardCounts.Traffic.NONE);
            for (int i = 0; i < 3000; i++) {
                String peer = random.nextBoolean() ? B : C;
                byte[] data = new byte[random.nextInt(1200)];
                String workload = peer.equals(B) ? "10.42.2.5" : "10.42.3.5";
                int bytes = 40 + data.length;
                boolean good = random.nextInt(4) > 0;
                if (random.nextBoolean()) {
                    packets.send(packet(peer, A, IPIP, packet(good ? workload : "8.8.8.8", W, UDP, data)));
                    expected.merge(
                            peer,
                            new GuardCounts.Traffic(good ? 1 : 0, good ? bytes : 0, 0, 0),
                            GuardCounts.Traffic::plus);
                } else {
                    packets.send(packet(A, peer, good ? IPIP : UDP, packet(W, workload, UDP, data)));
                    expected.merge(
                            peer,
                            new GuardCounts.Traffic(0, 0, good ? 1 : 0, good ? bytes : 0),
                            GuardCounts.Traffic::plus);
                }
            }
            Map<Ipv4, GuardCounts.Traffic> wanted =
                    Map.of(Ipv4.parse(B), expected.get(B), Ipv4.parse(C), expected.get(C));
            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(guard.counts(true).peers()).isEqualTo(wanted));
            assertThat(List.copyOf(guard.counts(false).peers().keySet())).isEmpty();
        });
    }

    @Test
    void whatAPeerHasSentStaysCountedWhenItsSubnetsChange() throws Exception {
        inside((guard, packets) -> {
            GuardTable two = table("10.42.1.0/24", B + " . 10.42.2.0/24", B + " . 10.42.9.0/24", C + " . 10.42.3.0/24");
            guard.apply(GuardDiff.narrow(PEERS, two));
            for (int i = 0; i < 9; i++) {
                packets.send(tunnel(B, "10.42.9.5", W));
            }
            packets.send(tunnel(B, "10.42.2.5", W));
            awaitReceived(guard, 10);
            guard.apply(GuardDiff.narrow(two, PEERS));
            awaitReceived(guard, 10);
            packets.send(tunnel(B, "10.42.2.5", W));
            packets.send(tunnel(B, "10.42.9.5", W));
            awaitReceived(guard, 11);
            GuardTable wider = table("10.42.1.0/24", B + " . 10.42.2.0/23", C + " . 10.42.3.0/24");
            guard.apply(GuardDiff.narrow(PEERS, wider));
            awaitReceived(guard, 11);
            assertThat(guard.counts(false).dropped()).containsEntry(DropReason.SPOOFED, 1L);
        });
    }

    /** From B. */
    private static void awaitReceived(NftGuard guard, long packets) {
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(guard.counts(true).peers())
                        .extractingByKey(Ipv4.parse(B))
                        .extracting(GuardCounts.Traffic::receivePackets)
                        .isEqualTo(packets));
    }
}
