package io.onlink.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Map;
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
        return MetricSnapshots.builder()
                .metricSnapshot(
                        Points.gauges(Metric.GUARD_ACTIVE, state.stands() ? Map.of(state.backend(), 1) : Map.of()))
                .metricSnapshot(Points.counters(Metric.GUARD_DROPPED, state.droppedByReason()))
                .metricSnapshot(Points.counter(Metric.GUARD_REPAIRS, state.repairs()))
                .build();
    }
}
