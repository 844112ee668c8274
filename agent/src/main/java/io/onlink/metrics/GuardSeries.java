package io.onlink.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.function.Supplier;

/** The series of the packet guard, all read from the kernel at scrape time. */
final class GuardSeries implements MultiCollector {
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
