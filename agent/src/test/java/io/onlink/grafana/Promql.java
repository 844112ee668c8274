package io.onlink.grafana;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the tests look for in an expression: the series it names and what stands around them. */
final class Promql {
    private static final Pattern SERIES =
            Pattern.compile("(?<![\\w:$\"])(up|ALERTS|(?:onlink|process|jvm)_[a-z0-9_]+)(?![\\w(:])(\\{[^}]*})?");
    private static final Pattern RECORDED = Pattern.compile("\\b(?:job|instance):[a-z0-9_:]+");
    private static final Pattern COUNTED =
            Pattern.compile("(?<![\\w:$\"])((?:onlink|process|jvm)_[a-z0-9_]+_(?:total|bucket|sum|count))(?![\\w:])");

    private Promql() {}

    /** A series that an expression names; {@code selector} is what stands in braces after it, or empty. */
    record Use(String name, String selector) {}

    static List<Use> series(String expression) {
        List<Use> uses = new ArrayList<>();
        Matcher matcher = SERIES.matcher(expression);
        while (matcher.find()) {
            uses.add(new Use(matcher.group(1), matcher.group(2) == null ? "" : matcher.group(2)));
        }
        return uses;
    }

    /** The recorded series that an expression names. */
    static Set<String> recorded(String expression) {
        return RECORDED.matcher(expression)
                .results()
                .map(found -> found.group())
                .collect(Collectors.toSet());
    }

    /** Counters and parts of histograms that stand outside of rate and increase. */
    static List<String> bareCounters(String expression) {
        List<String> bare = new ArrayList<>();
        Matcher matcher = COUNTED.matcher(expression);
        while (matcher.find()) {
            if (!expression.substring(0, matcher.start()).matches("(?s).*\\b(rate|irate|increase|changes)\\($")) {
                bare.add(matcher.group(1));
            }
        }
        return bare;
    }

    /** The ranges in brackets. */
    static Set<String> ranges(String expression) {
        return Pattern.compile("\\[([^\\]]*)]")
                .matcher(expression)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The families of the catalogue, as the scrape of the tests has them. */
    static Set<String> catalogue() {
        return Yaml.text(java.nio.file.Path.of("src/test/resources/metrics.txt"))
                .lines()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.split(" ", -1)[2])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The family of a series: without what a histogram's parts end with. */
    static String family(String series) {
        return series.replaceFirst("_(bucket|sum|count)$", "");
    }
}
