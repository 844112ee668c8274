package io.onlink.metrics;

import io.onlink.guard.GuardCounts.Traffic;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** The series of the packet guard, all read from the kernel at scrape time. */
final class GuardSeries implements MultiCollector {
    private static final Map<Metric, ToLongFunction<Traffic>> PEER = new TreeMap<>(Map.of(
            Metric.PEER_RECEIVE_BYTES, Traffic::receiveBytes,
            Metric.PEER_RECEIVE_PACKETS, Traffic::receivePackets,
            Metric.PEER_TRANSMIT_BYTES, Traffic::transmitBytes,
            Metric.PEER_TRANSMIT_PACKETS, Traffic::transmitPackets));

    private volatile Supplier<GuardState> source = () -> GuardState.NONE;

    void from(Supplier<GuardState> state) {
        source = state;
    }

    @Override
    public MetricSnapshots collect() {
        GuardState state = source.get();
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        GaugeSnapshot.Builder active =
                GaugeSnapshot.builder().name(Metric.GUARD_ACTIVE.family()).help(Metric.GUARD_ACTIVE.help());
        for (String backend : Metric.GUARD_ACTIVE.labels().get(0).values()) {
            boolean is = state.stands() && backend.equals(state.backend());
            active.dataPoint(gauge(is, Labels.of("backend", backend)));
        }
        all.metricSnapshot(active.build());
        CounterSnapshot.Builder dropped = counter(Metric.GUARD_DROPPED);
        for (String reason : Metric.GUARD_DROPPED.labels().get(0).values()) {
            long packets = state.droppedByReason().getOrDefault(reason, 0L);
            dropped.dataPoint(point(packets, Labels.of("reason", reason)));
        }
        all.metricSnapshot(dropped.build());
        all.metricSnapshot(counter(Metric.GUARD_REPAIRS)
                .dataPoint(point(state.repairs(), Labels.EMPTY))
                .build());
        PEER.forEach((metric, figure) -> {
            CounterSnapshot.Builder series = counter(metric);
            new TreeMap<>(state.peers())
                    .forEach((peer, traffic) ->
                            series.dataPoint(point(figure.applyAsLong(traffic), Labels.of("peer", peer))));
            all.metricSnapshot(series.build());
        });
        all.metricSnapshot(GaugeSnapshot.builder()
                .name(Metric.PEER_SERIES_LIMITED.family())
                .help(Metric.PEER_SERIES_LIMITED.help())
                .dataPoint(gauge(state.limited(), Labels.EMPTY))
                .build());
        return all.build();
    }

    private static GaugeDataPointSnapshot gauge(boolean yes, Labels labels) {
        return GaugeDataPointSnapshot.builder()
                .value(yes ? 1 : 0)
                .labels(labels)
                .build();
    }

    private static CounterSnapshot.Builder counter(Metric metric) {
        return CounterSnapshot.builder().name(metric.family()).help(metric.help());
    }

    private static CounterDataPointSnapshot point(long value, Labels labels) {
        return CounterDataPointSnapshot.builder()
                .value((double) value)
                .labels(labels)
                .build();
    }
}
