package io.onlink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.config.Config;
import io.onlink.config.Place;
import io.onlink.config.Setting;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnlinkCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<Config> agents = new ArrayList<>();
    private final List<Place> cleanups = new ArrayList<>();

    @TempDir
    Path directory;

    private Map<String, String> environment;

    /** So that the machine's own configuration file is not read. */
    @BeforeEach
    void anEmptyFile() throws Exception {
        Path file = Files.createFile(directory.resolve("onlink.yaml"));
        environment = Map.of("ONLINK_CONFIG", file.toString(), "ONLINK_NODE_NAME", "a");
    }

    @Test
    void agentRunsTheAgentWithItsSettings() {
        assertThat(run("agent", "--subnet", "10.42.1.0/24", "--mtu=1400")).isEqualTo(7);
        assertThat(agents).hasSize(1).allSatisfy(config -> {
            assertThat(config.nodeName()).isEqualTo("a");
            assertThat(config.mtu()).hasValue(1400);
        });
        assertThat(printed(err)).isEmpty();
    }

    @Test
    void agentWithProblemsPrintsThemAllAndRunsNothing() {
        assertThat(run("agent", "--mut", "1400", "--hold", "1d")).isEqualTo(78);
        assertThat(agents).isEmpty();
        assertThat(printed(out)).isEmpty();
        assertThat(printed(err)).isEqualTo("""
                        onlink: mut: no such setting; did you mean --mtu? (flag --mut)
                        onlink: hold: '1d' is not a time such as 1500ms, 60s, 5m or 1h (flag --hold)
                        onlink: subnet: is required: the prefix behind this node, such as --subnet 10.42.1.0/24 (default)
                        """);
    }

    @Test
    void configPrintsWhatIsInEffectAndWhereItCameFrom() {
        assertThat(run("config", "--subnet", "10.42.1.0/24")).isZero();
        assertThat(printed(out).lines())
                .hasSize(Setting.values().length)
                .startsWith("node-name: a  # environment ONLINK_NODE_NAME", "node-ip: auto  # default")
                .contains("subnet: 10.42.1.0/24  # flag --subnet");
        assertThat(agents).isEmpty();
    }

    @Test
    void configWithProblemsEndsAsTheAgentWould() {
        assertThat(run("config")).isEqualTo(78);
        assertThat(printed(err)).startsWith("onlink: subnet: is required");
    }

    @Test
    void cleanupIsToldThePlace() {
        assertThat(run("cleanup", "--run-dir", "/run/b", "--tunnel", "onlink0")).isEqualTo(8);
        assertThat(cleanups).containsExactly(new Place(Path.of("/run/b"), Path.of("/var/lib/onlink"), "onlink0"));
    }

    @Test
    void leaveTakesNoOtherFlagThanThePlaces() {
        assertThat(run("leave", "--tunnel", "onlink0")).isEqualTo(78);
        assertThat(printed(err)).isEqualTo("onlink: tunnel: no such setting (flag --tunnel)\n");
    }

    @Test
    void statusPrintsWhatTheAgentAnswers() throws Exception {
        try (OneAnswer agent = new OneAnswer(directory, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\na\nb")) {
            assertThat(run("status", "--run-dir", directory.toString())).isZero();
            assertThat(agent.request()).startsWith("GET /v1/status HTTP/1.1\r\n");
        }
        assertThat(printed(out)).isEqualTo("a\nb\n");
    }

    @Test
    void historyIsAskedForAsTextOrAsJson() throws Exception {
        try (OneAnswer agent = new OneAnswer(directory, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na")) {
            assertThat(run("history", "--run-dir", directory.toString())).isZero();
            assertThat(agent.request()).startsWith("GET /v1/history HTTP/1.1\r\n");
        }
        Files.delete(directory.resolve("onlink.sock"));
        try (OneAnswer agent = new OneAnswer(directory, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]")) {
            assertThat(run("history", "-o", "json", "--run-dir", directory.toString()))
                    .isZero();
            assertThat(agent.request()).startsWith("GET /v1/history.json HTTP/1.1\r\n");
        }
        assertThat(run("history", "-o", "xml", "--run-dir", directory.toString()))
                .isEqualTo(78);
        assertThat(printed(err)).contains("-o");
    }

    @Test
    void leaveAsksTheAgentAndPrintsARefusal() throws Exception {
        try (OneAnswer agent = new OneAnswer(directory, "HTTP/1.1 409 Conflict\r\n\r\nleaving already\n")) {
            assertThat(run("leave", "--run-dir", directory.toString())).isEqualTo(1);
            assertThat(agent.request()).startsWith("POST /v1/leave HTTP/1.1\r\n");
        }
        assertThat(printed(err)).isEqualTo("onlink: the agent answers with status 409: leaving already\n");
        assertThat(printed(out)).isEmpty();
    }

    @Test
    void withoutAnAgentTheStatusIs69() {
        assertThat(run("status", "--run-dir", directory.toString())).isEqualTo(69);
        assertThat(printed(err))
                .isEqualTo("onlink: no agent answers at " + directory + "/onlink.sock: No such file or directory;"
                        + " does it run, with this --run-dir, and as a user whose socket this one may use?\n");
    }

    @Test
    void keygenPrintsOneNewKeyAndNothingElse() {
        assertThat(run("keygen")).isZero();
        assertThat(run("keygen")).isZero();
        List<String> keys = printed(out).lines().toList();
        assertThat(keys).hasSize(2).doesNotHaveDuplicates().allMatch(key -> key.matches("[A-Za-z0-9+/]{43}="));
        assertThat(printed(err)).isEmpty();
        assertThat(run("keygen", "--subnet", "10.42.1.0/24")).isEqualTo(78);
    }

    @Test
    void insecureNeedsNoValueAndIsNotGivenWithAKeyFile() {
        assertThat(run("agent", "--insecure", "--subnet", "10.42.1.0/24")).isEqualTo(7);
        assertThat(run("agent", "--subnet", "10.42.1.0/24", "--insecure")).isEqualTo(7);
        assertThat(run("agent", "--insecure=true", "--subnet", "10.42.1.0/24")).isEqualTo(7);
        assertThat(agents).hasSize(3).allMatch(Config::insecure);
        assertThat(run("agent", "--subnet", "10.42.1.0/24", "--insecure", "--key-file", "/k"))
                .isEqualTo(78);
        assertThat(printed(err))
                .isEqualTo("onlink: insecure: and key-file are both given; take one of them away (flag --insecure)\n");
    }

    @Test
    void theVersionIsPrinted() {
        assertThat(run("--version")).isZero();
        assertThat(printed(out)).isEqualTo("onlink 0.1.0 (unknown)\n");
    }

    @Test
    void helpListsTheCommands() {
        assertThat(run("--help")).isZero();
        assertThat(printed(out)).contains("agent", "leave", "status", "cleanup", "config", "--version");
    }

    @Test
    void helpOfACommandWinsOverWrongFlagsAndHasEverySetting() {
        assertThat(run("agent", "--mut", "1400", "--help")).isZero();
        for (Setting setting : Setting.values()) {
            assertThat(printed(out)).contains(setting.flag() + "=");
        }
        assertThat(printed(out)).contains("Unit: bytes.").doesNotContain("%%");
    }

    @Test
    void withoutACommandTheUsageIsPrinted() {
        assertThat(run()).isEqualTo(64);
        assertThat(printed(err)).startsWith("Usage: onlink [-hV] [COMMAND]");
    }

    @Test
    void aMisspeltCommandGivesTheNearest() {
        assertThat(run("stauts")).isEqualTo(64);
        assertThat(printed(err)).contains("Unmatched argument at index 0: 'stauts'", "status");
        assertThat(run("--subnet")).isEqualTo(64);
    }

    private int run(String... arguments) {
        Commands commands = new Commands(
                "onlink 0.1.0 (unknown)",
                config -> {
                    agents.add(config);
                    return 7;
                },
                place -> {
                    cleanups.add(place);
                    return 8;
                });
        return new OnlinkCommand(commands, stream(out), stream(err)).run(arguments, environment);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static String printed(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
