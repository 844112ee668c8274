package io.onlink.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.inet.Ipv4;
import io.onlink.route.LinkCounters;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The rules that {@code promtool check metrics} holds a scrape against, and those of the text format 0.0.4. */
class ScrapeLintTest {
    private static final Pattern SAMPLE =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{(.*)\\})? (NaN|[+-]Inf|[-+0-9.eE]+)");
    private static final Pattern LABEL =
            Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\\"n])*)\",?");
    private static final Set<String> TYPES = Set.of("counter", "gauge", "histogram", "summary");
    private static final List<String> NOT_BASE_UNITS = List.of(
            "milliseconds",
            "microseconds",
            "nanoseconds",
            "minutes",
            "hours",
            "kilobytes",
            "megabytes",
            "bits",
            "percent");

    private final List<String> lines = page().lines().toList();

    private static String page() {
        AgentMetrics metrics = new AgentMetrics(
                "0.1.0",
                "a\"b\\c\nd",
                () -> new LinkCounters(1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
                InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z")));
        metrics.gauges(new Gauges(1, 0, 0, 0, 2, 2, true, 1480, Map.of("contested", 1), 0, 7));
        metrics.gossip(
                () -> new GossipCounts(0, 0, 0, 0, 0, Map.of(), Map.of("10.0.0.3", 0L), GossipCounts.Judged.NOBODY));
        metrics.keys(() -> new KeyState(false, false, List.of("3eb1bd43")));
        metrics.node("a", Ipv4.parse("172.16.165.33"), List.of());
        metrics.peers(List.of(new PeerRoutes("b", Ipv4.parse("172.16.165.244"), true)));
        metrics.perPeer(PeerFigures.of("b"));
        metrics.probing(() -> false);
        metrics.record(new Pass("event", 1_000_000, true, Map.of("add", 1L), List.of(), Map.of()));
        return metrics.scrape("text/plain;version=0.0.4");
    }

    /** The family of a sample: a histogram's samples have three endings. */
    private static String family(String series, Map<String, String> types) {
        for (String ending : List.of("_bucket", "_sum", "_count")) {
            String family = series.endsWith(ending) ? series.substring(0, series.length() - ending.length()) : series;
            if (types.getOrDefault(family, "").matches("histogram|summary")) {
                return family;
            }
        }
        return series;
    }

    private Map<String, String> types() {
        Map<String, String> types = new java.util.LinkedHashMap<>();
        for (String line : lines) {
            String[] words = line.split(" ", 4);
            if (line.startsWith("# TYPE ")) {
                assertThat(types.put(words[2], words[3]))
                        .as("second TYPE of " + words[2])
                        .isNull();
            }
        }
        return types;
    }

    @Test
    void everyLineIsACommentOrASampleWithWellFormedLabels() {
        assertThat(lines).isNotEmpty();
        for (String line : lines) {
            if (!line.startsWith("# HELP ") && !line.startsWith("# TYPE ")) {
                Matcher sample = SAMPLE.matcher(line);
                assertThat(sample.matches()).as(line).isTrue();
                String labels = sample.group(3) == null ? "" : sample.group(3);
                assertThat(LABEL.matcher(labels).replaceAll("")).as(line).isEmpty();
            }
        }
    }

    @Test
    void everyFamilyHasOneTypeAndHelpBeforeItsSamplesWhichStandTogether() {
        Map<String, String> types = types();
        Set<String> helped = new HashSet<>();
        Set<String> seen = new HashSet<>();
        String last = "";
        for (String line : lines) {
            if (line.startsWith("# HELP ")) {
                assertThat(helped.add(line.split(" ", 4)[2])).as(line).isTrue();
                assertThat(line.split(" ", 4)[3]).isNotBlank();
            } else if (!line.startsWith("#")) {
                String family = family(line.split("[{ ]", 2)[0], types);
                assertThat(helped).as(line).contains(family);
                assertThat(types).as(line).containsKey(family);
                assertThat(family.equals(last) || seen.add(family)).as(line).isTrue();
                last = family;
            }
        }
        assertThat(types.values()).isSubsetOf(TYPES);
    }

    @Test
    void noSampleIsThereTwice() {
        List<String> series = lines.stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.substring(0, line.lastIndexOf(' ')))
                .toList();
        assertThat(series).doesNotHaveDuplicates();
    }

    @Test
    void everySeriesOfTheCatalogueHasASample() {
        for (Metric metric : Metric.values()) {
            String suffix = metric.type() == Metric.Type.HISTOGRAM ? "_count" : "";
            assertThat(lines)
                    .as(metric.series())
                    .anyMatch(line -> line.matches(metric.series() + suffix + "(\\{.*\\})? .*"));
        }
    }

    @Test
    void everyValueOfAKnownLabelHasASampleFromTheStart() {
        for (Metric metric : Metric.values()) {
            for (Label label : metric.labels()) {
                for (String value : label.values()) {
                    assertThat(lines)
                            .as(metric.series() + " " + value)
                            .anyMatch(line -> line.startsWith(metric.series())
                                    && line.contains(label.name() + "=\"" + value + "\""));
                }
            }
        }
    }

    @Test
    void countersEndInTotalAndNothingElseDoesAndUnitsAreBaseUnits() {
        List<String> wrong = new ArrayList<>();
        types().forEach((family, type) -> {
            boolean ours = family.startsWith("onlink_");
            if (ours && family.endsWith("_total") != type.equals("counter")) {
                wrong.add(family + " is a " + type);
            }
            if (ours && (NOT_BASE_UNITS.stream().anyMatch(family::contains) || family.contains(type))) {
                wrong.add(family);
            }
            if (ours && !family.equals(family.toLowerCase(java.util.Locale.ROOT))) {
                wrong.add(family);
            }
        });
        assertThat(wrong).isEmpty();
    }

    @Test
    void theBucketsOfAHistogramRiseToItsCount() {
        String series = "onlink_reconcile_duration_seconds";
        List<Double> buckets = lines.stream()
                .filter(line -> line.startsWith(series + "_bucket{trigger=\"event\""))
                .map(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .toList();
        assertThat(buckets).isSorted().hasSizeGreaterThan(3);
        assertThat(lines).anyMatch(line -> line.startsWith(series + "_bucket{trigger=\"event\",le=\"+Inf\"} "));
        assertThat(lines)
                .contains(series + "_count{trigger=\"event\"} "
                        + buckets.get(buckets.size() - 1).intValue());
    }

    @Test
    void aLabelsValueIsEscaped() {
        assertThat(lines).anyMatch(line -> line.contains("revision=\"a\\\"b\\\\c\\nd\""));
    }
}
