package io.onlink.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What Grafana and Kubernetes read has no key they do not know, and the dashboards are the same everywhere. */
class ProvisioningTest {
    private static final Path PROVISIONING = Yaml.GRAFANA.resolve("provisioning");

    private static void keys(Yaml yaml, Set<String> known) {
        assertThat(known).containsAll(yaml.map().keySet());
    }

    @Test
    void theDataSourceIsAPrometheusAndHasOnlyKeysOfGrafana() {
        Yaml file = Yaml.read(PROVISIONING.resolve("datasources/onlink.yaml"));
        keys(file, Set.of("apiVersion", "datasources"));
        assertThat(file.number("apiVersion")).isOne();
        Yaml source = file.list("datasources").get(0);
        keys(source, Set.of("name", "type", "access", "url", "isDefault", "jsonData"));
        keys(source.at("jsonData"), Set.of("httpMethod", "timeInterval"));
        assertThat(source.text("type")).isEqualTo("prometheus");
        assertThat(source.text("jsonData", "timeInterval")).matches("\\d+s");
    }

    @Test
    void theProviderOfDashboardsHasOnlyKeysOfGrafana() {
        Yaml file = Yaml.read(PROVISIONING.resolve("dashboards/onlink.yaml"));
        keys(file, Set.of("apiVersion", "providers"));
        Yaml provider = file.list("providers").get(0);
        keys(
                provider,
                Set.of(
                        "name",
                        "folder",
                        "type",
                        "disableDeletion",
                        "allowUiUpdates",
                        "updateIntervalSeconds",
                        "options"));
        keys(provider.at("options"), Set.of("path", "foldersFromFilesStructure"));
        assertThat(provider.text("type")).isEqualTo("file");
    }

    @Test
    void theConfigMapsHoldTheDashboardsToTheByte() {
        List<Yaml> maps = Yaml.documents(Yaml.GRAFANA.resolve("kubernetes/onlink-dashboards.yaml"));
        assertThat(maps).hasSameSizeAs(Board.all());
        for (int i = 0; i < maps.size(); i++) {
            Path dashboard = Board.all().get(i).file();
            assertThat(maps.get(i).text("apiVersion") + " " + maps.get(i).text("kind"))
                    .isEqualTo("v1 ConfigMap");
            assertThat(maps.get(i).at("metadata", "labels").map()).isEqualTo(Map.of("grafana_dashboard", "1"));
            assertThat(maps.get(i).at("data").map())
                    .isEqualTo(Map.of(dashboard.getFileName().toString(), Yaml.text(dashboard)));
        }
    }

    @Test
    void theConfigMapsAreWhatTheirScriptPrints() throws IOException, InterruptedException {
        Process script = new ProcessBuilder("../grafana/configmap").start();
        String printed = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(script.waitFor()).isZero();
        assertThat(Yaml.text(Yaml.GRAFANA.resolve("kubernetes/onlink-dashboards.yaml")))
                .isEqualTo(printed);
    }
}
