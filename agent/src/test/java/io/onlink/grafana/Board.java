package io.onlink.grafana;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A dashboard of ours.
 *
 * @param file where it is
 * @param json all of it
 */
record Board(Path file, Yaml json) {
    static List<Board> all() {
        return Yaml.files("dashboards", ".json").stream()
                .map(file -> new Board(file, Yaml.read(file)))
                .toList();
    }

    /** A panel that draws something. */
    record Panel(Board board, Yaml json) {
        String title() {
            return json.text("title");
        }

        List<Yaml> targets() {
            return json.list("targets");
        }

        @Override
        public String toString() {
            return board + " / " + title();
        }
    }

    /** The panels but for rows. */
    List<Panel> panels() {
        return json.list("panels").stream()
                .filter(panel -> !panel.text("type").equals("row"))
                .map(panel -> new Panel(this, panel))
                .toList();
    }

    static Stream<Panel> allPanels() {
        return all().stream().flatMap(board -> board.panels().stream());
    }

    List<Yaml> variables() {
        return json.list("templating", "list");
    }

    /** All expressions of all panels. */
    static List<String> expressions() {
        List<String> expressions = new ArrayList<>();
        allPanels().forEach(panel -> panel.targets().forEach(target -> expressions.add(target.text("expr"))));
        return expressions;
    }

    /** An expression with the variables replaced as Grafana would for one mesh of job onlink and all its agents. */
    static String substituted(String expression, String rateInterval) {
        return expression
                .replace("$__rate_interval", rateInterval)
                .replace("$job", "onlink")
                .replace("$instance", ".+");
    }

    @Override
    public String toString() {
        return file.getFileName().toString();
    }
}
