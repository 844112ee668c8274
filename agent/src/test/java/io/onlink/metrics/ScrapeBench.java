package io.onlink.metrics;

import com.sun.management.ThreadMXBean;
import io.onlink.guard.GuardChange;
import io.onlink.guard.GuardCounts;
import io.onlink.guard.GuardReading;
import io.onlink.guard.GuardTable;
import io.onlink.guard.Pair;
import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.netlink.NftGuard;
import io.onlink.peer.NodeName;
import io.onlink.probe.Path;
import io.onlink.probe.PathVerdict;
import io.onlink.probe.Prober;
import io.onlink.route.KernelException;
import io.onlink.route.LinkCounters;
import java.lang.management.ManagementFactory;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Measures scrapes of an agent with so many peers, all per-peer series on, their traffic read from a packet guard in the
 * kernel's nf_tables: lines of what, when (cold or warm) and a number: milliseconds, KiB of the page, KiB of memory
 * allocated. Arguments: ROUNDS PEERS..., and what the agent's launcher adds, which is no number. Needs root and a network
 * namespace of its own, for it writes the guard there.
 */
public final class ScrapeBench {
    private static final String ACCEPT = "text/plain;version=0.0.4";

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final NftGuard guard;

    private ScrapeBench(NftGuard guard) {
        this.guard = guard;
    }

    public static void main(String[] arguments) throws KernelException {
        int rounds = Integer.parseInt(arguments[0]);
        try (NftGuard guard = NftGuard.open("tunl0")) {
            if (guard.read().standing() != GuardReading.Standing.ABSENT) {
                throw new IllegalStateException("an agent's guard stands here; run this by unshare --net");
            }
            for (int i = 1; i < arguments.length && arguments[i].matches("\\d+"); i++) {
                new ScrapeBench(guard).run(rounds, Integer.parseInt(arguments[i]));
            }
            guard.remove();
        }
    }

    private void run(int rounds, int count) throws KernelException {
        List<PeerRoutes> peers = IntStream.range(0, count)
                .mapToObj(i -> new PeerRoutes("node-" + i, new Ipv4(0x0a000001 + i), true))
                .toList();
        letIn(peers);
        AgentMetrics metrics = new AgentMetrics("0", "0", () -> LinkCounters.ZERO, InstantSource.system());
        metrics.peerLimit(count);
        metrics.peers(peers);
        List<Path> paths = peers.stream().map(ScrapeBench::path).toList();
        metrics.paths(() -> paths, () -> Prober.Counts.NONE);
        metrics.guard(() -> new GuardState(NftGuard.BACKEND, true, 0, dropped()));
        metrics.perPeer(series -> addTraffic(series, peers));
        measure(metrics, count, "cold");
        for (int round = 0; round < rounds; round++) {
            measure(metrics, count, "warm");
        }
    }

    /** Each peer with one subnet, as most have. */
    private void letIn(List<PeerRoutes> peers) throws KernelException {
        List<Pair> pairs = IntStream.range(0, peers.size())
                .mapToObj(i -> new Pair(peers.get(i).nodeIp(), new Ipv4Prefix(new Ipv4(0x64000000 + (i << 8)), 24)))
                .toList();
        guard.apply(new GuardChange.Rewrite(GuardTable.of(pairs, List.of(Ipv4Prefix.parse("10.42.1.0/24")))));
    }

    private static Path path(PeerRoutes peer) {
        return new Path(
                new NodeName(peer.name()), peer.nodeIp(), PathVerdict.OK, "", true, 1_234_567, 0.0123456789, 1480);
    }

    private GuardCounts counts(boolean peers) {
        try {
            return guard.counts(peers);
        } catch (KernelException e) {
            throw new IllegalStateException(e);
        }
    }

    private Map<String, Long> dropped() {
        Map<String, Long> dropped = new HashMap<>();
        counts(false).dropped().forEach((reason, packets) -> dropped.put(reason.label(), packets));
        return dropped;
    }

    /** Figures as long as those of a busy counter, in place of the zeros of a guard that has let in nothing. */
    private void addTraffic(PeerSeries series, List<PeerRoutes> peers) {
        Map<Ipv4, GuardCounts.Traffic> counted = counts(true).peers();
        if (counted.size() != peers.size()) {
            throw new IllegalStateException("the guard counts " + counted.size() + " peers of " + peers.size());
        }
        counted.forEach((nodeIp, traffic) -> {
            series.add(Metric.PEER_RECEIVE_BYTES, nodeIp, traffic.receiveBytes() + 123456789012.0);
            series.add(Metric.PEER_RECEIVE_PACKETS, nodeIp, traffic.receivePackets() + 123456789.0);
            series.add(Metric.PEER_TRANSMIT_BYTES, nodeIp, traffic.transmitBytes() + 123456789012.0);
            series.add(Metric.PEER_TRANSMIT_PACKETS, nodeIp, traffic.transmitPackets() + 123456789.0);
        });
    }

    private void measure(AgentMetrics metrics, int count, String when) {
        long allocated = threads.getCurrentThreadAllocatedBytes();
        long start = System.nanoTime();
        String page = metrics.scrape(ACCEPT);
        print("scrape-" + count, when, (System.nanoTime() - start) / 1e6);
        print("scrape-allocated-" + count, when, (threads.getCurrentThreadAllocatedBytes() - allocated) / 1024.0);
        print("scrape-bytes-" + count, when, page.length() / 1024.0);
        check(page, count);
    }

    /** Ten series a peer, its verdict among them: what was not exposed was not measured. */
    private static void check(String page, int count) {
        long lines = page.lines().filter(line -> line.contains("{peer=\"")).count();
        if (lines != 10L * count || !page.contains("onlink_peer_verdict{peer=\"node-0\",verdict=\"ok\"} 1")) {
            throw new IllegalStateException(lines + " series of " + count + " peers, or no verdict");
        }
    }

    private static void print(String what, String when, double number) {
        System.out.printf(Locale.ROOT, "%s %s %.2f%n", what, when, number);
    }
}
