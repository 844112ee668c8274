package io.onlink.metrics;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Renders the catalogue as the table that the README shows. */
public final class MetricTable {
    private MetricTable() {}

    /** The table in Markdown, each line ended. */
    public static String render() {
        String head = "| series | type | labels | meaning |\n| --- | --- | --- | --- |\n";
        return head + Arrays.stream(Metric.values()).map(MetricTable::row).collect(Collectors.joining());
    }

    private static String row(Metric metric) {
        String labels = metric.labels().stream().map(MetricTable::label).collect(Collectors.joining("; "));
        return "| `" + metric.series() + "` | " + metric.type() + " | " + labels + " | " + metric.help() + " |\n";
    }

    private static String label(Label label) {
        String values = label.values().stream().map(value -> "`" + value + "`").collect(Collectors.joining(", "));
        return "`" + label.name() + "`" + (values.isEmpty() ? "" : ": " + values);
    }
}
