package io.onlink.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.grafana.Board.Panel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus' own tool says of the rules, their tests and the expressions of the dashboards. */
@Tag("netns")
@Timeout(120)
class PromtoolIT {
    private static final Path ALERTS = Yaml.GRAFANA.resolve("alerts");

    @TempDir
    private Path work;

    @Test
    void theRulesAreGood() {
        assertThat(Tool.promtool(ALERTS, "", "check", "rules", "--lint-fatal", "onlink.rules.yml"))
                .contains("SUCCESS: " + AlertRulesTest.rules().size() + " rules found");
    }

    @Test
    void everyAlertFiresWhenItShouldAndIsSilentWhenItShould() {
        assertThat(Tool.promtool(ALERTS, "", "test", "rules", "onlink.test.yml"))
                .contains("SUCCESS");
    }

    /** Rules that are loaded where the README says; in each setup an agent has an instance of its own. */
    @Test
    void theScrapeConfigurationsOfTheReadmeAreGoodAndNoTwoAgentsAreOne() throws IOException {
        List<String> examples = Pattern.compile("(?s)```yaml\\n(.*?)```")
                .matcher(Yaml.text(Yaml.GRAFANA.resolve("README.md")))
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(examples).hasSize(2);
        Files.copy(ALERTS.resolve("onlink.rules.yml"), work.resolve("onlink.rules.yml"));
        for (String example : examples) {
            Files.writeString(work.resolve("prometheus.yml"), example);
            assertThat(Tool.promtool(work, "", "check", "config", "prometheus.yml"))
                    .contains("SUCCESS");
            Yaml agents = Yaml.parse(example).list("scrape_configs").get(0);
            assertThat(agents.text("job_name")).startsWith("onlink");
            Yaml targets = agents.list("static_configs").get(0);
            if (targets.list("targets").stream()
                    .anyMatch(target -> target.value().toString().startsWith("127."))) {
                assertThat(targets.text("labels", "instance")).isNotBlank();
            }
        }
    }

    /** Two meshes of two agents each under Grafana's "All"; the second diverges, then an agent cannot probe. */
    @Test
    void whatIsSaidOfAllMeshesIsOfEachAndNotOfTheirMixture() throws IOException {
        StringBuilder test = new StringBuilder("tests:\n  - interval: 1m\n    input_series:\n");
        for (String agent : List.of("a", "b", "w", "x")) {
            String job = agent.compareTo("c") < 0 ? "onlink" : "onlink-west";
            String labels = "{job=\"" + job + "\", instance=\"" + agent + "\"";
            series(test, "up" + labels + "}", "1x30");
            series(test, "onlink_probe_up" + labels + "}", agent.equals("a") ? "1x23 0x7" : "1x30");
            series(
                    test,
                    "onlink_membership_view_info" + labels + ", hash=\"" + job + "\"}",
                    agent.equals("x") ? "1x10 stale" : "1x30");
        }
        series(test, "onlink_membership_view_info{job=\"onlink-west\", instance=\"x\", hash=\"other\"}", "_x11 1x30");
        test.append("    promql_expr_test:\n");
        for (Panel panel : Board.allPanels().toList()) {
            if (panel.json().text("type").equals("stat") && panel.title().matches("Views|Is the mesh whole\\?")) {
                boolean views = panel.title().equals("Views");
                expect(test, panel, "5m", views ? 1 : 0);
                expect(test, panel, "20m", 2);
                expect(test, panel, "25m", views ? 2 : 7);
            }
        }
        Files.writeString(work.resolve("meshes.yml"), test);
        assertThat(Tool.promtool(work, "", "test", "rules", "meshes.yml")).contains("SUCCESS");
    }

    private static void series(StringBuilder to, String series, String values) {
        to.append("      - { series: '")
                .append(series)
                .append("', values: '")
                .append(values)
                .append("' }\n");
    }

    private static void expect(StringBuilder to, Panel panel, String time, int value) {
        String all = panel.targets().get(0).text("expr").replace("$job", ".+").replace("$instance", ".+");
        to.append("      - eval_time: ")
                .append(time)
                .append("\n        expr: '")
                .append(all);
        to.append("'\n        exp_samples: [{ labels: '{}', value: ")
                .append(value)
                .append(" }]\n");
    }

    @Test
    void everyExpressionOfTheDashboardsIsPromql() throws IOException {
        List<String> expressions = Board.expressions();
        StringBuilder rules = new StringBuilder("groups:\n  - name: dashboards\n    rules:\n");
        for (int i = 0; i < expressions.size(); i++) {
            rules.append("      - record: panel:").append(i).append("\n        expr: '");
            rules.append(Board.substituted(expressions.get(i), "1m").replace("'", "''"));
            rules.append("'\n");
        }
        Files.writeString(work.resolve("dashboards.yml"), rules);
        assertThat(Tool.promtool(work, "", "check", "rules", "--lint=none", "dashboards.yml"))
                .contains("SUCCESS: " + expressions.size() + " rules found");
    }
}
