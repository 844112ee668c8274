package io.onlink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.config.SettingsTable;
import io.onlink.metrics.MetricTable;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The README's tables are those of the code. */
class ReadmeTest {
    private static final Path README = Path.of("..", "README.md");

    @Test
    void theTableOfSettingsIsThatOfTheSettings() {
        assertThat(README).content(UTF_8).contains("\n\n" + SettingsTable.markdown() + "\n");
    }

    @Test
    void theTableOfMetricsIsThatOfTheCatalogue() {
        assertThat(README).content(UTF_8).contains("\n\n" + MetricTable.render() + "\n");
    }
}
