package io.onlink.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.config.Setting;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each alert says what to do about it, and each has a runbook and a test; nothing is watched that is not exported. */
class AlertRulesTest {
    private static final Yaml RULES = Yaml.read(Yaml.GRAFANA.resolve("alerts/onlink.rules.yml"));
    private static final String HOME = "https://onlink.example/grafana/runbooks/";

    static List<Yaml> rules() {
        return RULES.list("groups").stream()
                .flatMap(group -> group.list("rules").stream())
                .toList();
    }

    static List<Yaml> alerts() {
        return rules().stream().filter(rule -> rule.map().containsKey("alert")).toList();
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void anAlertIsWhole(Yaml alert) {
        String name = alert.text("alert");
        assertThat(name).matches("Onlink[A-Z][A-Za-z0-9]+");
        assertThat(alert.map().keySet()).containsExactly("alert", "expr", "for", "labels", "annotations");
        assertThat(alert.text("for")).matches("\\d+[mh]");
        assertThat(alert.at("labels").map().keySet()).containsExactly("severity");
        assertThat(alert.text("labels", "severity")).isIn("critical", "warning", "info");
        assertThat(alert.at("annotations").map().keySet()).containsExactly("summary", "description", "runbook_url");
        assertThat(alert.text("annotations", "summary")).endsWith(".").doesNotContain("{{");
        assertThat(alert.text("annotations", "description")).containsPattern("\\{\\{|no other alert");
        assertThat(alert.text("annotations", "runbook_url")).isEqualTo(HOME + name + ".md");
    }

    @Test
    void whatIsWatchedIsExportedOrRecorded() {
        Set<String> recorded = rules().stream()
                .filter(rule -> rule.map().containsKey("record"))
                .map(rule -> rule.text("record"))
                .collect(Collectors.toSet());
        Set<String> unknown = new TreeSet<>();
        for (Yaml rule : rules()) {
            Promql.series(rule.text("expr")).forEach(use -> unknown.add(Promql.family(use.name())));
            assertThat(recorded).containsAll(Promql.recorded(rule.text("expr")));
            assertThat(Promql.bareCounters(rule.text("expr"))).isEmpty();
        }
        unknown.removeAll(Promql.catalogue());
        unknown.removeAll(Set.of("up", "process_start_time_seconds"));
        assertThat(unknown).isEmpty();
    }

    @Test
    void everyAlertHasARunbookAndEveryRunbookAnAlert() {
        assertThat(Yaml.files("runbooks", ".md"))
                .extracting(file -> file.getFileName().toString().replace(".md", ""))
                .filteredOn(name -> name.startsWith("Onlink"))
                .containsExactlyInAnyOrderElementsOf(
                        alerts().stream().map(alert -> alert.text("alert")).toList());
    }

    @Test
    void theReadmeListsEveryAlertWithItsSeverityAndTime() {
        String readme = Yaml.text(Yaml.GRAFANA.resolve("README.md"));
        for (Yaml alert : alerts()) {
            String name = alert.text("alert");
            String after = alert.text("for").equals("0m") ? "at once" : alert.text("for");
            assertThat(readme)
                    .contains(String.format(
                            "| [%s](runbooks/%s.md) | %s | %s | %s |%n",
                            name, name, alert.text("labels", "severity"), after, alert.text("annotations", "summary")));
        }
    }

    static List<Path> runbooks() {
        return Yaml.files("runbooks", ".md");
    }

    @ParameterizedTest
    @MethodSource("runbooks")
    void aRunbookSaysWhatItMeansHowToCheckWithCommandsAndWhatToDo(Path runbook) {
        String text = Yaml.text(runbook);
        assertThat(text).startsWith("# " + runbook.getFileName().toString().replace(".md", "\n"));
        assertThat(text.lines().filter(line -> line.startsWith("## ")))
                .containsExactly("## What it means", "## How to check", "## What to do");
        String check = text.substring(text.indexOf("## How to check"), text.indexOf("## What to do"));
        assertThat(check).containsPattern("(?m)^    \\S");
        assertThat(text.lines()).allMatch(line -> line.length() <= 120 || line.startsWith("    "));
    }

    /** The agents listen where the settings say, on loopback or not; their socket is there in every setup. */
    @ParameterizedTest
    @MethodSource("runbooks")
    void theCommandsOfARunbookAskTheAgentByItsSocketAndLeaveNothingRunning(Path runbook) {
        String socket = "--unix-socket " + Setting.RUN_DIR.defaultText() + "/onlink.sock http://agent/";
        assertThat(commands(runbook)).noneMatch(command -> command.contains("127.0.0.1"));
        assertThat(commands(runbook))
                .filteredOn(command -> command.startsWith("curl ") && !command.contains("PROMETHEUS"))
                .allSatisfy(command -> assertThat(command).contains(socket));
        assertThat(commands(runbook)).noneMatch(command -> command.matches(".*[^&]&([^&].*)?"));
    }

    /** The commands of a runbook, as they stand on its indented lines. */
    static List<String> commands(Path runbook) {
        return Yaml.text(runbook)
                .lines()
                .filter(line -> line.startsWith("    "))
                .map(String::strip)
                .toList();
    }

    @Test
    void everyAlertIsSeenFiringAndSilentInTheTests() {
        List<Yaml> tests =
                Yaml.read(Yaml.GRAFANA.resolve("alerts/onlink.test.yml")).list("tests");
        List<String> names = tests.stream().map(test -> test.text("name")).toList();
        for (Yaml alert : alerts()) {
            String name = alert.text("alert");
            assertThat(names)
                    .anyMatch(test -> test.startsWith(name + " fires"))
                    .anyMatch(test -> test.startsWith(name + " is silent"));
        }
        assertThat(tests)
                .allSatisfy(test -> assertThat(test.map())
                        .isInstanceOf(Map.class)
                        .containsKeys("name", "input_series", "promql_expr_test"));
    }
}
