package io.onlink.metrics;

import com.sun.management.ThreadMXBean;
import io.onlink.inet.Ipv4;
import io.onlink.route.LinkCounters;
import java.lang.management.ManagementFactory;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Measures scrapes of an agent with so many peers, all per-peer series on: lines of what, when (cold or warm) and a
 * number: milliseconds, KiB of the page, KiB of memory allocated. Arguments: ROUNDS PEERS...
 */
public final class ScrapeBench {
    private static final String ACCEPT = "text/plain;version=0.0.4";

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private ScrapeBench() {}

    public static void main(String[] arguments) {
        int rounds = Integer.parseInt(arguments[0]);
        for (String peers : List.of(arguments).subList(1, arguments.length)) {
            new ScrapeBench().run(rounds, Integer.parseInt(peers));
        }
    }

    private void run(int rounds, int count) {
        AgentMetrics metrics = new AgentMetrics("0", "0", () -> LinkCounters.ZERO, InstantSource.system());
        metrics.peerLimit(count);
        List<PeerRoutes> peers = IntStream.range(0, count)
                .mapToObj(i -> new PeerRoutes("node-" + i, new Ipv4(0x0a000001 + i), true))
                .toList();
        metrics.peers(peers);
        metrics.perPeer(series -> everySeriesOf(peers, series));
        measure(metrics, count, "cold");
        for (int round = 0; round < rounds; round++) {
            measure(metrics, count, "warm");
        }
    }

    /** A figure of the length that a counter of bytes has. */
    private static void everySeriesOf(List<PeerRoutes> peers, PeerSeries series) {
        Arrays.stream(Metric.values())
                .filter(metric -> metric.labels().size() == 1)
                .filter(metric -> metric.labels().get(0).name().equals("peer"))
                .filter(metric -> metric != Metric.GOSSIP_UNKNOWN_KEY)
                .forEach(metric -> peers.forEach(peer -> series.add(metric, peer.nodeIp(), 123456789012.0)));
    }

    private void measure(AgentMetrics metrics, int count, String when) {
        long allocated = threads.getCurrentThreadAllocatedBytes();
        long start = System.nanoTime();
        String page = metrics.scrape(ACCEPT);
        print("scrape-" + count, when, (System.nanoTime() - start) / 1e6);
        print("scrape-allocated-" + count, when, (threads.getCurrentThreadAllocatedBytes() - allocated) / 1024.0);
        print("scrape-bytes-" + count, when, page.length() / 1024.0);
    }

    private static void print(String what, String when, double number) {
        System.out.printf(Locale.ROOT, "%s %s %.2f%n", what, when, number);
    }
}
