package io.onlink.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Map;

/** The series of a scrape, with names and help as the catalogue has them. */
final class Points {
    private Points() {}

    static CounterSnapshot.Builder counter(Metric metric) {
        return CounterSnapshot.builder().name(metric.family()).help(metric.help());
    }

    static CounterSnapshot counter(Metric metric, long value) {
        return counter(metric).dataPoint(point(value, Labels.EMPTY)).build();
    }

    /** Every value of the metric's one label is there from the start, so that a graph shows rise and fall. */
    static CounterSnapshot counters(Metric metric, Map<String, Long> byValue) {
        Label label = metric.labels().get(0);
        CounterSnapshot.Builder counter = counter(metric);
        for (String value : label.values()) {
            counter.dataPoint(point(byValue.getOrDefault(value, 0L), Labels.of(label.name(), value)));
        }
        return counter.build();
    }

    static CounterDataPointSnapshot point(long value, Labels labels) {
        return CounterDataPointSnapshot.builder()
                .value((double) value)
                .labels(labels)
                .build();
    }

    static GaugeSnapshot gauge(Metric metric, double value) {
        return gauge(metric).dataPoint(point(value)).build();
    }

    /** Likewise as {@link #counters}. */
    static GaugeSnapshot gauges(Metric metric, Map<String, Integer> byValue) {
        Label label = metric.labels().get(0);
        GaugeSnapshot.Builder gauge = gauge(metric);
        for (String value : label.values()) {
            gauge.dataPoint(GaugeDataPointSnapshot.builder()
                    .labels(Labels.of(label.name(), value))
                    .value(byValue.getOrDefault(value, 0))
                    .build());
        }
        return gauge.build();
    }

    private static GaugeSnapshot.Builder gauge(Metric metric) {
        return GaugeSnapshot.builder().name(metric.family()).help(metric.help());
    }

    private static GaugeDataPointSnapshot point(double value) {
        return GaugeDataPointSnapshot.builder().value(value).build();
    }
}
