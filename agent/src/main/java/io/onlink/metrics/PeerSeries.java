package io.onlink.metrics;

import io.onlink.inet.Ipv4;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The per-peer series of one scrape. Figures of anybody who is no peer now are left out, so the series of a peer that is
 * gone vanish by themselves, whatever their source still remembers. One thread.
 */
public final class PeerSeries {
    private final Map<String, Labels> labels;
    private final Map<Ipv4, String> names;
    private final Map<Metric, Map<Labels, Double>> points = new EnumMap<>(Metric.class);

    /** The peers of now with what their series need, made once for many scrapes. */
    record Peers(List<PeerRoutes> all, Map<String, Labels> labels, Map<Ipv4, String> names) {
        static final Peers NONE = of(List.of());

        static Peers of(List<PeerRoutes> all) {
            Map<String, Labels> labels = new HashMap<>();
            Map<Ipv4, String> names = new HashMap<>();
            for (PeerRoutes peer : all) {
                labels.put(peer.name(), Labels.of("peer", peer.name()));
                names.put(peer.nodeIp(), peer.name());
            }
            return new Peers(List.copyOf(all), Map.copyOf(labels), Map.copyOf(names));
        }
    }

    PeerSeries(Peers peers) {
        this.labels = peers.labels();
        this.names = peers.names();
    }

    /** The peer at that node IP; null if there is none. */
    public @Nullable String name(Ipv4 nodeIp) {
        return names.get(nodeIp);
    }

    /** A figure of the peer of that name. The metric's only label is {@code peer}. */
    public void add(Metric metric, String peer, double value) {
        check(metric, 1);
        Labels own = labels.get(peer);
        if (own != null) {
            put(metric, own, value);
        }
    }

    /** A figure of the peer with that node IP. */
    public void add(Metric metric, Ipv4 nodeIp, double value) {
        String peer = names.get(nodeIp);
        if (peer != null) {
            add(metric, peer, value);
        }
    }

    /** A figure of the peer of that name; the metric has one more label, and this is its value. */
    public void add(Metric metric, String peer, String more, double value) {
        check(metric, 2);
        Labels own = labels.get(peer);
        if (own != null) {
            put(metric, own.add(metric.labels().get(1).name(), more), value);
        }
    }

    private static void check(Metric metric, int count) {
        List<Label> all = metric.labels();
        if (all.size() != count || !all.get(0).name().equals("peer")) {
            throw new IllegalArgumentException(metric.series() + " is not a series of peers with " + count + " labels");
        }
    }

    /** What is said twice counts once: two points of one series would cost the whole scrape. */
    private void put(Metric metric, Labels point, double value) {
        points.computeIfAbsent(metric, m -> new LinkedHashMap<>()).putIfAbsent(point, value);
    }

    void render(MetricSnapshots.Builder to) {
        points.forEach((metric, values) -> {
            MetricMetadata about = new MetricMetadata(metric.family(), metric.help());
            to.metricSnapshot(
                    metric.type() == Metric.Type.COUNTER
                            ? new CounterSnapshot(about, counters(values))
                            : new GaugeSnapshot(about, gauges(values)));
        });
    }

    private static List<CounterDataPointSnapshot> counters(Map<Labels, Double> values) {
        List<CounterDataPointSnapshot> made = new ArrayList<>(values.size());
        values.forEach((labels, value) -> made.add(new CounterDataPointSnapshot(value, labels, null, 0)));
        return made;
    }

    private static List<GaugeDataPointSnapshot> gauges(Map<Labels, Double> values) {
        List<GaugeDataPointSnapshot> made = new ArrayList<>(values.size());
        values.forEach((labels, value) -> made.add(new GaugeDataPointSnapshot(value, labels, null)));
        return made;
    }
}
