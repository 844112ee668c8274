package io.onlink.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.lab.Netns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A real Prometheus on a host of the lab, which scrapes every second. Our rules run in it on a clock of their own: a minute
 * of them takes two seconds here, in {@code for} and in ranges alike, so that what they say of one another still holds.
 */
final class Prometheus {
    static final String RATE_INTERVAL = "10s";

    private static final int SECONDS_A_MINUTE = 2;
    private static final Pattern TIME = Pattern.compile("(\\[|for: )(\\d+)([mh])");

    /** What it has scraped stays there after the test; {@code grafana/preview} draws it. */
    private static final Path WORK = Path.of("target", "live-mesh").toAbsolutePath();

    /** Shows the worst of the last minute, a minute of the wall clock: its alert keeps its time. */
    private static final Pattern UNSHORTENED = Pattern.compile("(alert: OnlinkLoopLag\\R(?:.*\\R)*?\\s+for: )\\w+");

    private final Netns net;
    private final int host;
    private final Path targets = WORK.resolve("targets.json");

    /** Starts it; the agents are those of {@link #scrape}. */
    Prometheus(Netns net, int host) throws IOException {
        this.net = net;
        this.host = host;
        clear();
        scrape();
        Files.writeString(
                WORK.resolve("rules.yml"), shortened(Yaml.text(Yaml.GRAFANA.resolve("alerts/onlink.rules.yml"))));
        Path config = Files.writeString(WORK.resolve("prometheus.yml"), """
                global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
                rule_files: [rules.yml]
                scrape_configs:
                  - job_name: onlink
                    file_sd_configs: [{ files: [targets.json], refresh_interval: 1s }]
                """);
        net.start(
                host,
                Tool.path("prometheus"),
                "--config.file=" + config,
                "--storage.tsdb.path=" + WORK.resolve("tsdb"),
                "--web.listen-address=127.0.0.1:9090");
    }

    private static void clear() throws IOException {
        Files.createDirectories(WORK);
        try (Stream<Path> old = Files.walk(WORK)) {
            for (Path file : old.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        Files.createDirectories(WORK);
    }

    /** The rules with each minute shortened. */
    static String shortened(String rules) {
        Matcher time = TIME.matcher(rules);
        String shorter = time.replaceAll(found -> {
            int minutes = Integer.parseInt(found.group(2)) * (found.group(3).equals("h") ? 60 : 1);
            return Matcher.quoteReplacement(found.group(1) + minutes * SECONDS_A_MINUTE + "s");
        });
        return UNSHORTENED.matcher(shorter).replaceFirst(found -> Matcher.quoteReplacement(found.group(1) + "5m"));
    }

    /** From now on these hosts' agents are scraped. */
    void scrape(int... hosts) throws IOException {
        String addresses = IntStream.of(hosts)
                .mapToObj(agent -> '"' + address(agent) + '"')
                .collect(Collectors.joining(","));
        Path next = Files.writeString(targets.resolveSibling("next"), "[{\"targets\":[" + addresses + "]}]");
        Files.move(next, targets, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    static String address(int host) {
        return "172.31.7." + host + ":5115";
    }

    private Yaml api(String path, String... parameters) {
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", net.ns(host)));
        command.addAll(List.of("curl", "-sSG", "--max-time", "10", "http://127.0.0.1:9090/api/v1/" + path));
        for (String parameter : parameters) {
            command.addAll(List.of("--data-urlencode", parameter));
        }
        Yaml answer = Yaml.parse(Netns.run(command.toArray(String[]::new)));
        assertThat(answer.text("status"))
                .as("%s: %s", List.of(parameters), answer.value())
                .isEqualTo("success");
        return answer.at("data");
    }

    boolean ready() {
        try {
            return api("query", "query=1").text("resultType").equals("scalar");
        } catch (AssertionError notYet) {
            return false;
        }
    }

    /** The vector that an expression has now. */
    List<Yaml> query(String expression) {
        return api("query", "query=" + expression).list("result");
    }

    /** The one value of an expression now; NaN if there is none or more. */
    double number(String expression) {
        List<Yaml> result = query(expression);
        return result.size() == 1
                ? Double.parseDouble(result.get(0).list("value").get(1).value().toString())
                : Double.NaN;
    }

    /** The series of an expression over the last seconds. */
    List<Yaml> range(String expression, int seconds) {
        double now = number("vector(time())");
        return api("query_range", "query=" + expression, "start=" + (now - seconds), "end=" + now, "step=1")
                .list("result");
    }

    List<Yaml> labelValues(String label, String match) {
        Yaml values = api("label/" + label + "/values", "match[]=" + match);
        return new Yaml(Map.of("values", values.value())).list("values");
    }

    /** Rules that could not be evaluated, with their errors. */
    Map<String, String> sickRules() {
        Map<String, String> sick = new TreeMap<>();
        api("rules")
                .list("groups")
                .forEach(group -> group.list("rules").forEach(rule -> {
                    if (!rule.text("health").equals("ok")) {
                        sick.put(rule.text("name"), rule.text("health") + " " + rule.text("lastError"));
                    }
                }));
        return sick;
    }

    /** What fires now, as {@code NAME INSTANCE PEER}. */
    SortedSet<String> firing() {
        return alerts("ALERTS{alertstate=\"firing\"}");
    }

    /** What fired at any time. */
    SortedSet<String> fired() {
        return alerts("max_over_time(ALERTS{alertstate=\"firing\"}[10m])");
    }

    private SortedSet<String> alerts(String expression) {
        return query(expression).stream()
                .map(alert -> Stream.of("alertname", "instance", "peer")
                        .map(label -> alert.text("metric", label))
                        .filter(word -> !word.isEmpty())
                        .collect(Collectors.joining(" "))
                        .replaceAll("172\\.31\\.7\\.(\\d+):5115", "h$1"))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
