package io.onlink.metrics;

import io.onlink.route.LinkCounters;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The series read at scrape time: what the kernel and the gossip socket count, and labels that come and go. */
final class ScrapeTime implements MultiCollector {
    private static final Logger LOG = LoggerFactory.getLogger(ScrapeTime.class);

    private static final Map<Metric, ToLongFunction<LinkCounters>> TUNNEL = Map.ofEntries(
            Map.entry(Metric.TUNNEL_RECEIVE_BYTES, LinkCounters::receiveBytes),
            Map.entry(Metric.TUNNEL_RECEIVE_PACKETS, LinkCounters::receivePackets),
            Map.entry(Metric.TUNNEL_RECEIVE_ERRORS, LinkCounters::receiveErrors),
            Map.entry(Metric.TUNNEL_RECEIVE_DROPPED, LinkCounters::receiveDropped),
            Map.entry(Metric.TUNNEL_TRANSMIT_BYTES, LinkCounters::transmitBytes),
            Map.entry(Metric.TUNNEL_TRANSMIT_PACKETS, LinkCounters::transmitPackets),
            Map.entry(Metric.TUNNEL_TRANSMIT_ERRORS, LinkCounters::transmitErrors),
            Map.entry(Metric.TUNNEL_TRANSMIT_DROPPED, LinkCounters::transmitDropped),
            Map.entry(Metric.TUNNEL_TRANSMIT_CARRIER_ERRORS, LinkCounters::transmitCarrierErrors),
            Map.entry(Metric.TUNNEL_TRANSMIT_LOOPS, LinkCounters::transmitLoops));

    /** Bytes of an IPv4 header without options (RFC 2003 section 3.1). */
    private static final long OUTER_HEADER = 20;

    private static final Labels RECEIVE = Labels.of("direction", "receive");
    private static final Labels TRANSMIT = Labels.of("direction", "transmit");

    private final Labels build;
    private final Supplier<LinkCounters> tunnel;
    private final Supplier<Gauges> gauges;
    private volatile Supplier<GossipCounts> gossip = () -> GossipCounts.ZERO;
    private volatile Supplier<Map<String, Integer>> obstacles = Map::of;
    private volatile Supplier<KeyState> keys = () -> KeyState.NONE;
    private volatile Supplier<MemoryCounts> memory = () -> MemoryCounts.NONE;
    private volatile List<Labels> node = List.of();
    private boolean tunnelReadable = true;

    ScrapeTime(Labels build, Supplier<LinkCounters> tunnel, Supplier<Gauges> gauges) {
        this.build = build;
        this.tunnel = tunnel;
        this.gauges = gauges;
    }

    void gossip(Supplier<GossipCounts> counts) {
        gossip = counts;
    }

    void obstacles(Supplier<Map<String, Integer>> byKind) {
        obstacles = byKind;
    }

    void memory(Supplier<MemoryCounts> counts) {
        memory = counts;
    }

    void node(Labels labels) {
        node = List.of(labels);
    }

    void keys(Supplier<KeyState> state) {
        keys = state;
    }

    @Override
    public synchronized MetricSnapshots collect() {
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        Gauges now = gauges.get();
        all.metricSnapshot(info(Metric.BUILD_INFO, build));
        node.forEach(labels -> all.metricSnapshot(info(Metric.NODE_INFO, labels)));
        String hash = String.format("%016x", now.membershipViewHash());
        all.metricSnapshot(info(Metric.MEMBERSHIP_VIEW_INFO, Labels.of("hash", hash)));
        all.metricSnapshot(Points.gauges(Metric.CLAIMS_REJECTED, now.rejectedByReason()));
        all.metricSnapshot(Points.gauges(Metric.HOST_OBSTACLES, obstacles.get()));
        tunnel(all);
        gossip(all, gossip.get());
        keys(all, keys.get());
        memory(all, memory.get());
        return all.build();
    }

    private static InfoSnapshot info(Metric metric, Labels labels) {
        return InfoSnapshot.builder()
                .name(metric.family())
                .help(metric.help())
                .dataPoint(InfoDataPointSnapshot.builder().labels(labels).build())
                .build();
    }

    /** A tunnel that cannot be read costs its own series only, not the scrape; logged when it begins, not each time. */
    private void tunnel(MetricSnapshots.Builder all) {
        LinkCounters counters;
        try {
            counters = tunnel.get();
            tunnelReadable = true;
        } catch (RuntimeException e) {
            if (tunnelReadable) {
                LOG.warn("The tunnel's counters cannot be read; its series are left out until they can", e);
            }
            tunnelReadable = false;
            return;
        }
        TUNNEL.forEach((metric, figure) -> all.metricSnapshot(Points.counter(metric, figure.applyAsLong(counters))));
        all.metricSnapshot(Points.counter(Metric.TUNNEL_OVERHEAD)
                .dataPoint(Points.point(OUTER_HEADER * counters.receivePackets(), RECEIVE))
                .dataPoint(Points.point(OUTER_HEADER * counters.transmitPackets(), TRANSMIT))
                .build());
    }

    private static void gossip(MetricSnapshots.Builder all, GossipCounts counts) {
        all.metricSnapshot(Points.counter(Metric.GOSSIP_DATAGRAMS)
                .dataPoint(Points.point(counts.datagramsReceived(), RECEIVE))
                .dataPoint(Points.point(counts.datagramsSent(), TRANSMIT))
                .build());
        all.metricSnapshot(Points.counter(Metric.GOSSIP_BYTES)
                .dataPoint(Points.point(counts.bytesReceived(), RECEIVE))
                .dataPoint(Points.point(counts.bytesSent(), TRANSMIT))
                .build());
        all.metricSnapshot(Points.counter(Metric.GOSSIP_SESSIONS, counts.sessions()));
        judged(all, counts.judged());
        all.metricSnapshot(Points.counters(Metric.GOSSIP_REJECTED, counts.rejected()));
        CounterSnapshot.Builder unknown = Points.counter(Metric.GOSSIP_UNKNOWN_KEY);
        counts.unknownKeys()
                .forEach((address, packets) -> unknown.dataPoint(Points.point(packets, Labels.of("address", address))));
        all.metricSnapshot(unknown.build());
    }

    private static void judged(MetricSnapshots.Builder all, GossipCounts.Judged judged) {
        all.metricSnapshot(Points.counter(Metric.GOSSIP_SUSPICIONS)
                .dataPoint(Points.point(judged.suspectedByOwnProbe(), Labels.of("by", "own_probe")))
                .dataPoint(Points.point(judged.suspectedByOthers(), Labels.of("by", "others")))
                .build());
        all.metricSnapshot(Points.counter(Metric.GOSSIP_LOST, judged.lost()));
    }

    private static void keys(MetricSnapshots.Builder all, KeyState state) {
        all.metricSnapshot(Points.gauge(Metric.GOSSIP_SEALED, state.sealed() ? 1 : 0));
        all.metricSnapshot(Points.gauge(Metric.GOSSIP_KEY_FILE_BAD, state.fileBad() ? 1 : 0));
        InfoSnapshot.Builder info =
                InfoSnapshot.builder().name(Metric.GOSSIP_KEY_INFO.family()).help(Metric.GOSSIP_KEY_INFO.help());
        for (int i = 0; i < state.fingerprints().size(); i++) {
            Labels labels = Labels.of(
                    "index",
                    Integer.toString(i),
                    "fingerprint",
                    state.fingerprints().get(i));
            info.dataPoint(InfoDataPointSnapshot.builder().labels(labels).build());
        }
        all.metricSnapshot(info.build());
    }

    private static void memory(MetricSnapshots.Builder all, MemoryCounts counts) {
        all.metricSnapshot(Points.gauge(Metric.MEMBERS_REMEMBERED, counts.remembered()));
        all.metricSnapshot(Points.counter(Metric.STATE_WRITE_ERRORS, counts.writeFailures()));
    }
}
