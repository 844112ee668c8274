package io.onlink.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Series that others count, read at scrape time: by the values of their labels, several joined by a slash. What nobody
 * counts yet is 0.
 */
final class Readings implements MultiCollector {
    private static final List<Metric> READ = List.of(
            Metric.MEMBERS_SUSPECTED,
            Metric.MEMBER_EVENTS,
            Metric.GOSSIP_MESSAGES,
            Metric.GOSSIP_MESSAGE_BYTES,
            Metric.GOSSIP_PROBES,
            Metric.GOSSIP_HEALTH_SCORE,
            Metric.GOSSIP_QUEUE_MESSAGES,
            Metric.GOSSIP_KEY_READ,
            Metric.PATHS,
            Metric.PROBES_SENT,
            Metric.PROBES_ANSWERED,
            Metric.PROBES_SERVED,
            Metric.SEED_JOIN_ATTEMPTS,
            Metric.NETLINK_REQUESTS,
            Metric.NETLINK_ERRORS,
            Metric.NETLINK_OVERRUNS,
            Metric.NETLINK_DUMP_RETRIES,
            Metric.LOOP_LAG,
            Metric.LOG_EVENTS);

    private final Map<Metric, Supplier<? extends Map<String, ? extends Number>>> sources = new ConcurrentHashMap<>();
    private final Map<Metric, Map<String, Labels>> points = new EnumMap<>(Metric.class);

    Readings() {
        for (Metric metric : READ) {
            points.put(metric, pointsOf(metric));
            sources.put(metric, Map::of);
        }
    }

    private static Map<String, Labels> pointsOf(Metric metric) {
        Map<String, Labels> all = Map.of("", Labels.EMPTY);
        for (Label label : metric.labels()) {
            Map<String, Labels> more = new LinkedHashMap<>();
            all.forEach((key, labels) -> label.values()
                    .forEach(value ->
                            more.put(key.isEmpty() ? value : key + "/" + value, labels.add(label.name(), value))));
            all = more;
        }
        return all;
    }

    void source(Metric metric, Supplier<? extends Map<String, ? extends Number>> source) {
        if (!points.containsKey(metric)) {
            throw new IllegalArgumentException(metric.series() + " is not read from others");
        }
        sources.put(metric, source);
    }

    @Override
    public MetricSnapshots collect() {
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        points.forEach((metric, labels) -> {
            MetricMetadata about = new MetricMetadata(metric.family(), metric.help());
            Map<String, Double> values =
                    values(labels, sources.getOrDefault(metric, Map::of).get());
            all.metricSnapshot(
                    metric.type() == Metric.Type.COUNTER
                            ? new CounterSnapshot(about, counters(labels, values))
                            : new GaugeSnapshot(about, gauges(labels, values)));
        });
        return all.build();
    }

    /** What the catalogue does not list is counted as other, where it has that. */
    private static Map<String, Double> values(Map<String, Labels> known, Map<String, ? extends Number> read) {
        Map<String, Double> values = new HashMap<>();
        read.forEach((key, value) ->
                values.merge(known.containsKey(key) ? key : Label.OTHER, value.doubleValue(), Double::sum));
        return values;
    }

    private static List<CounterDataPointSnapshot> counters(Map<String, Labels> points, Map<String, Double> values) {
        List<CounterDataPointSnapshot> made = new ArrayList<>(points.size());
        points.forEach((key, labels) ->
                made.add(new CounterDataPointSnapshot(values.getOrDefault(key, 0.0), labels, null, 0)));
        return made;
    }

    private static List<GaugeDataPointSnapshot> gauges(Map<String, Labels> points, Map<String, Double> values) {
        List<GaugeDataPointSnapshot> made = new ArrayList<>(points.size());
        points.forEach(
                (key, labels) -> made.add(new GaugeDataPointSnapshot(values.getOrDefault(key, 0.0), labels, null)));
        return made;
    }
}
