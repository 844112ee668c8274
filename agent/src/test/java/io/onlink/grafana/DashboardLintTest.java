package io.onlink.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.grafana.Board.Panel;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What makes a dashboard portable, readable and true, as rules. */
class DashboardLintTest {
    private static final String DATASOURCE = "${datasource}";

    /** Identifiers of Grafana's units. */
    private static final Set<String> UNITS = Set.of("none", "s", "bytes", "bps", "Bps", "pps", "ops", "percentunit");

    private static final Set<String> KINDS =
            Set.of("stat", "timeseries", "table", "bargauge", "state-timeline", "row", "text");

    private static final Pattern RUNBOOK = Pattern.compile("\\$\\{runbooks}/(Onlink\\w+|\\$\\{__value\\.raw})\\.md");

    /** Series of Java and of the process that every agent has, of those the dashboards draw. */
    private static final Set<String> FOREIGN = Set.of(
            "process_cpu_seconds_total",
            "process_resident_memory_bytes",
            "process_start_time_seconds",
            "jvm_gc_collection_seconds_sum");

    static List<Board> boards() {
        return Board.all();
    }

    static List<Panel> panels() {
        return Board.allPanels().toList();
    }

    @Test
    void thereAreFourDashboardsEachWithAnIdentityOfItsOwn() {
        assertThat(boards())
                .extracting(board -> board.json().text("title"))
                .containsExactlyInAnyOrder(
                        "Onlink / Mesh overview",
                        "Onlink / Node",
                        "Onlink / Peers and paths",
                        "Onlink / Membership and gossip");
        assertThat(boards())
                .allSatisfy(board -> assertThat(board.file().getFileName())
                        .hasToString(board.json().text("uid") + ".json"));
    }

    @ParameterizedTest
    @MethodSource("boards")
    void aDashboardIsOfTheClassicSchemaAndReadOnly(Board board) {
        assertThat(board.json().number("schemaVersion")).isEqualTo(42);
        assertThat(board.json().at("editable").value()).isEqualTo(false);
        assertThat(board.json().text("description")).isNotBlank();
        assertThat(board.json().map()).doesNotContainKeys("id", "__inputs", "__requires");
        assertThat(board.json().list("tags")).extracting(Yaml::value).containsExactly("onlink");
    }

    @ParameterizedTest
    @MethodSource("boards")
    void theVariablesAreDataSourceJobInstanceAndTheHomeOfTheRunbooks(Board board) {
        assertThat(board.variables())
                .extracting(variable -> variable.text("name"))
                .containsExactly("datasource", "job", "instance", "runbooks");
        Yaml source = board.variables().get(0);
        assertThat(source.text("type") + source.text("query") + source.text("label"))
                .isEqualTo("datasourceprometheusData source");
        for (Yaml variable : board.variables().subList(1, 3)) {
            assertThat(variable.text("type")).isEqualTo("query");
            assertThat(variable.text("label")).isEqualToIgnoringCase(variable.text("name"));
            assertThat(variable.text("datasource", "uid")).isEqualTo(DATASOURCE);
            assertThat(variable.at("multi").value()).isEqualTo(true);
            assertThat(variable.text("allValue")).isEqualTo(".+");
            assertThat(variable.number("refresh")).isEqualTo(2);
        }
        assertThat(board.variables().get(3).text("query")).isEqualTo("https://onlink.example/grafana/runbooks");
    }

    @ParameterizedTest
    @MethodSource("boards")
    void panelsHaveIdsOfTheirOwnAndDoNotLieOnOneAnother(Board board) {
        Set<Integer> ids = new HashSet<>();
        Set<String> cells = new HashSet<>();
        for (Yaml panel : board.json().list("panels")) {
            assertThat(KINDS).contains(panel.text("type"));
            assertThat(ids.add(panel.number("id")))
                    .as("id of %s", panel.text("title"))
                    .isTrue();
            int left = panel.number("gridPos", "x");
            int top = panel.number("gridPos", "y");
            assertThat(left + panel.number("gridPos", "w")).isBetween(1, 24);
            for (int x = left; x < left + panel.number("gridPos", "w"); x++) {
                for (int y = top; y < top + panel.number("gridPos", "h"); y++) {
                    assertThat(cells.add(x + "," + y))
                            .as("place of %s", panel.text("title"))
                            .isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("panels")
    void aPanelSaysWhatItShowsInWhichUnit(Panel panel) {
        assertThat(panel.title()).isNotBlank();
        assertThat(panel.json().text("description")).isNotBlank();
        assertThat(panel.json().text("description")).isNotEqualTo(panel.title());
        assertThat(UNITS).contains(panel.json().text("fieldConfig", "defaults", "unit"));
        assertThat(panel.targets()).isNotEmpty();
        assertThat(panel.json().text("datasource", "uid")).isEqualTo(DATASOURCE);
        assertThat(panel.targets())
                .allSatisfy(
                        target -> assertThat(target.text("datasource", "uid")).isEqualTo(DATASOURCE));
        assertThat(panel.targets()).extracting(target -> target.text("refId")).doesNotHaveDuplicates();
        if (panel.json().text("type").equals("timeseries")) {
            assertThat(panel.targets())
                    .allSatisfy(
                            target -> assertThat(target.text("legendFormat")).isNotBlank());
        }
    }

    @ParameterizedTest
    @MethodSource("panels")
    void everySelectorIsOfTheChosenJobAndAgentsAndEveryCounterIsARate(Panel panel) {
        for (Yaml target : panel.targets()) {
            String expression = target.text("expr");
            assertThat(Promql.series(expression)).as(expression).isNotEmpty();
            for (Promql.Use use : Promql.series(expression)) {
                assertThat(use.selector())
                        .as("%s in %s", use.name(), expression)
                        .contains("job=~\"$job\"");
                if (!use.name().equals("ALERTS")) {
                    assertThat(use.selector()).as(expression).contains("instance=~\"$instance\"");
                }
            }
            assertThat(Promql.bareCounters(expression)).as(expression).isEmpty();
            assertThat(Promql.ranges(expression)).as(expression).isSubsetOf("$__rate_interval");
            assertThat(Promql.recorded(expression))
                    .as("rules may not be loaded: %s", expression)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("panels")
    void whatALegendNamesIsALabelThatTheExpressionHas(Panel panel) {
        for (Yaml target : panel.targets()) {
            Matcher named = Pattern.compile("\\{\\{(\\w+)}}").matcher(target.text("legendFormat"));
            while (named.find()) {
                String label = named.group(1);
                if (!label.equals("instance") && !label.equals("job")) {
                    assertThat(target.text("expr")).as(panel.toString()).containsPattern("\\b" + label + "\\b");
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("panels")
    void aPanelLeadsToItsRunbooksAndTheyAreThere(Panel panel) {
        List<String> urls = new ArrayList<>();
        panel.json().list("links").forEach(link -> urls.add(link.text("url")));
        panel.json()
                .list("fieldConfig", "overrides")
                .forEach(override -> override.list("properties").stream()
                        .filter(property -> property.text("id").equals("links"))
                        .forEach(property -> property.list("value").forEach(link -> urls.add(link.text("url")))));
        for (String url : urls) {
            Matcher runbook = RUNBOOK.matcher(url);
            assertThat(runbook.matches()).as(url).isTrue();
            if (!runbook.group(1).startsWith("$")) {
                assertThat(Files.exists(Yaml.GRAFANA.resolve("runbooks/" + runbook.group(1) + ".md")))
                        .as(url)
                        .isTrue();
            }
        }
    }

    @Test
    void everySeriesDrawnIsInTheCatalogueAndAllOfItIsDrawnOrWatched() {
        Set<String> drawn = new TreeSet<>();
        Board.expressions()
                .forEach(expression -> Promql.series(expression).forEach(use -> drawn.add(Promql.family(use.name()))));
        Set<String> catalogue = Promql.catalogue();
        Set<String> unknown = new TreeSet<>(drawn);
        unknown.removeAll(catalogue);
        unknown.removeAll(Set.of("up", "ALERTS"));
        FOREIGN.forEach(series -> unknown.remove(Promql.family(series)));
        assertThat(unknown).isEmpty();
        catalogue.removeIf(family -> !family.startsWith("onlink_"));
        catalogue.removeAll(drawn);
        assertThat(catalogue).as("series of the catalogue that nobody draws").isEmpty();
    }

    @Test
    void aValueMappingNamesEachValueOnce() {
        assertThat(panels())
                .allSatisfy(panel -> panel.json()
                        .list("fieldConfig", "defaults", "mappings")
                        .forEach(mapping -> {
                            if (mapping.text("type").equals("value")) {
                                Map<String, Object> options =
                                        mapping.at("options").map();
                                assertThat(options.values())
                                        .extracting(option -> new Yaml(option).text("text"))
                                        .doesNotHaveDuplicates();
                            }
                        }));
    }
}
