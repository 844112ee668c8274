package io.onlink.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code deploy} tells people of settings is what the settings say themselves. */
class DeployedFilesTest {
    private static final Path DEPLOY = Path.of("..", "deploy");

    @TempDir
    Path directory;

    @Test
    void theExampleFileHasEverySettingCommentedWithItsDefaultAndHelp() throws IOException {
        assertThat(DEPLOY.resolve("onlink.example.yaml")).content(UTF_8).isEqualTo(ExampleFile.text());
    }

    @Test
    void theExampleFileAsItIsSetsNothing() throws IOException {
        String text = Files.readString(DEPLOY.resolve("onlink.example.yaml"));
        assertThat(text.lines()).allMatch(line -> line.isEmpty() || line.startsWith("#"));
    }

    @Test
    void theExampleFileUncommentedIsAGoodConfiguration() throws Exception {
        String text = Files.readAllLines(DEPLOY.resolve("onlink.example.yaml")).stream()
                .filter(line -> line.matches("#([a-z-]+:.*|  - .*)"))
                .map(line -> line.substring(1) + "\n")
                .collect(Collectors.joining());
        List<String> listing = new Reading(directory).file(text).listing();
        assertThat(listing)
                .contains("subnet: 10.42.1.0/24  # onlink.yaml line 4", "mtu: auto  # onlink.yaml line 23")
                .filteredOn(line -> line.endsWith("default"))
                .containsExactly("config: onlink.yaml  # default");
    }

    @Test
    void theUnitStartsTheAgentWithFlagsThatExist() throws IOException {
        String command = unit().get("ExecStart");
        assertThat(command).isEqualTo("/opt/onlink/bin/onlink agent --config /etc/onlink/onlink.yaml");
        assertThat(Arrays.stream(command.split(" ", -1)).filter(word -> word.startsWith("--")))
                .allMatch(flag -> Arrays.stream(Setting.values())
                        .anyMatch(setting -> setting.flag().equals(flag)));
        assertThat(Setting.CONFIG.defaultText()).startsWith("/etc/onlink/onlink.yaml");
    }

    @Test
    void theArchiveUnpackedAsTheReadmeSaysIsWhereTheUnitLooksForIt() throws IOException {
        String archive = Files.readString(Path.of("src", "main", "assembly", "archive.xml"));
        String top = archive.replaceAll("(?s).*<baseDirectory>(.*)</baseDirectory>.*", "$1");
        assertThat(unit().get("ExecStart")).startsWith("/opt/" + top + "/bin/onlink ");
        assertThat(Path.of("..", "README.md"))
                .content(UTF_8)
                .contains(
                        "    tar -C /opt -xzf agent/target/onlink-",
                        "    ONLINK_CDS_DUMP=1 /opt/" + top + "/bin/onlink\n");
    }

    @Test
    void theUnitsDirectoriesAreTheDefaults() throws IOException {
        assertThat("/run/" + unit().get("RuntimeDirectory")).isEqualTo(Setting.RUN_DIR.defaultText());
        assertThat("/var/lib/" + unit().get("StateDirectory")).isEqualTo(Setting.STATE_DIR.defaultText());
    }

    @Test
    void theUnitRestartsAfterFailureButNotAfterABadConfiguration() throws IOException {
        assertThat(unit())
                .containsEntry("Type", "exec")
                .containsEntry("Restart", "on-failure")
                .containsEntry("RestartSec", "2s")
                .containsEntry("StartLimitIntervalSec", "0")
                .containsEntry("RestartPreventExitStatus", "78")
                .containsEntry("SuccessExitStatus", "143")
                .doesNotContainKey("WatchdogSec");
    }

    @Test
    void theUnitGrantsNetworkAdministrationAlone() throws IOException {
        assertThat(unit())
                .containsEntry("CapabilityBoundingSet", "CAP_NET_ADMIN")
                .containsEntry("AmbientCapabilities", "CAP_NET_ADMIN")
                .containsEntry("DynamicUser", "yes")
                .containsEntry("NoNewPrivileges", "yes")
                .containsEntry("ProtectSystem", "strict")
                .containsEntry("ProtectKernelTunables", "no")
                .containsEntry("RestrictAddressFamilies", "AF_INET AF_INET6 AF_NETLINK AF_UNIX");
    }

    /** Key and value of each line; a key given twice keeps both, blank between them. */
    private static Map<String, String> unit() throws IOException {
        Map<String, String> settings = new TreeMap<>();
        for (String line : Files.readAllLines(DEPLOY.resolve("systemd/onlink.service"))) {
            int equals = line.indexOf('=');
            if (equals > 0 && !line.startsWith("#")) {
                settings.merge(line.substring(0, equals), line.substring(equals + 1), (a, b) -> a + " " + b);
            }
        }
        return settings;
    }
}
