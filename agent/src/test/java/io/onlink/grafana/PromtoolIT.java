package io.onlink.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus' own tool says of the rules, their tests and the expressions of the dashboards. */
@Tag("netns")
@Timeout(60)
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
