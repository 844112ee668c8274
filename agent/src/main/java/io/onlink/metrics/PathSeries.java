package io.onlink.metrics;

import io.onlink.probe.Path;
import io.onlink.probe.Prober;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The series of the paths to peers, read at scrape time; those of each peer only while there are few. */
final class PathSeries implements MultiCollector {
    /** Peers above which none has series of its own. */
    static final int MOST_PEERS = 128;

    private volatile Supplier<List<Path>> paths = List::of;
    private volatile Supplier<Prober.Counts> counts = () -> Prober.Counts.NONE;

    void paths(Supplier<List<Path>> source, Supplier<Prober.Counts> counted) {
        paths = source;
        counts = counted;
    }

    @Override
    public MetricSnapshots collect() {
        List<Path> all = paths.get();
        List<Path> shown = all.size() > MOST_PEERS ? List.of() : all;
        Prober.Counts now = counts.get();
        return MetricSnapshots.builder()
                .metricSnapshot(gauge(Metric.PEER_UP, shown, path -> path.up() ? 1 : 0))
                .metricSnapshot(gauge(
                        Metric.PEER_RTT,
                        shown.stream().filter(path -> path.roundTripNanos() > 0).toList(),
                        path -> path.roundTripNanos() / (double) TimeUnit.SECONDS.toNanos(1)))
                .metricSnapshot(gauge(Metric.PEER_PROBE_LOSS, shown, Path::loss))
                .metricSnapshot(gauge(
                        Metric.PEER_PATH_MTU,
                        shown.stream().filter(path -> path.mtu() > 0).toList(),
                        Path::mtu))
                .metricSnapshot(verdicts(shown))
                .metricSnapshot(counter(Metric.PROBES_SENT, now.sent()))
                .metricSnapshot(counter(Metric.PROBES_ANSWERED, now.answered()))
                .metricSnapshot(counter(Metric.PROBES_SERVED, now.served()))
                .build();
    }

    private static GaugeSnapshot gauge(Metric metric, List<Path> paths, ToDoubleFunction<Path> figure) {
        GaugeSnapshot.Builder gauge =
                GaugeSnapshot.builder().name(metric.family()).help(metric.help());
        paths.forEach(path -> gauge.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(Labels.of("peer", path.peer().text()))
                .value(figure.applyAsDouble(path))
                .build()));
        return gauge.build();
    }

    /** Only the verdict there is now: the others would be nine series a peer that say nothing. */
    private static GaugeSnapshot verdicts(List<Path> paths) {
        GaugeSnapshot.Builder gauge =
                GaugeSnapshot.builder().name(Metric.PEER_VERDICT.family()).help(Metric.PEER_VERDICT.help());
        paths.forEach(path -> gauge.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(Labels.of(
                        "peer", path.peer().text(), "verdict", path.verdict().label()))
                .value(1)
                .build()));
        return gauge.build();
    }

    private static CounterSnapshot counter(Metric metric, long value) {
        return CounterSnapshot.builder()
                .name(metric.family())
                .help(metric.help())
                .dataPoint(
                        CounterDataPointSnapshot.builder().value((double) value).build())
                .build();
    }
}
