package io.onlink.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReaderTest {
    private static final String EVERYTHING = """
            node-name: b
            node-ip: 172.16.165.34
            subnet:
              - 10.42.2.0/24
              - 10.42.4.0/24
            seed: [172.16.165.33, "seed.example.net:6114"]
            overlay-cidr: 10.42.0.0/16
            min-prefix-length: 24
            authority: /etc/onlink/authority.pub
            grant: /etc/onlink/b.grant
            bind: 0.0.0.0
            gossip-port: 6114
            key-file: /etc/onlink-b/key
            insecure: false
            http: off
            metrics-peer-series: 0
            tunnel: onlink0
            mtu: 1480
            bridge: mybr0
            nexthops: never
            guard: tc
            probe: false
            path-mtu: false
            hold: 5m
            mass-departure-share: 80
            resync: 1500ms
            view-max-age: 2h
            on-stop: leave
            ip-forward: false
            run-dir: /run/onlink-b
            state-dir: /var/lib/onlink-b
            log-format: json
            log-level: debug
            """;

    @TempDir
    Path directory;

    @Test
    void oneSubnetIsEnoughAndTheRestHasItsDefault() throws BadConfig {
        assertThat(reading().flags("--subnet 10.42.1.0/24").listing())
                .containsExactly(
                        "node-name: a  # default",
                        "node-ip: auto  # default",
                        "subnet: 10.42.1.0/24  # flag --subnet",
                        "seed: none  # default",
                        "overlay-cidr: 10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10  # default",
                        "min-prefix-length: 8  # default",
                        "authority: none  # default",
                        "grant: none  # default",
                        "bind: node-ip  # default",
                        "gossip-port: 5114  # default",
                        "key-file: /etc/onlink/key  # default",
                        "insecure: false  # default",
                        "http: 127.0.0.1:5115  # default",
                        "metrics-peer-series: auto  # default",
                        "tunnel: tunl0  # default",
                        "mtu: auto  # default",
                        "bridge: none  # default",
                        "nexthops: auto  # default",
                        "guard: auto  # default",
                        "probe: true  # default",
                        "path-mtu: true  # default",
                        "hold: 60s  # default",
                        "mass-departure-share: 50  # default",
                        "resync: 30s  # default",
                        "view-max-age: 24h  # default",
                        "on-stop: stay  # default",
                        "ip-forward: true  # default",
                        "run-dir: /run/onlink  # default",
                        "state-dir: /var/lib/onlink  # default",
                        "log-format: text  # default",
                        "log-level: info  # default",
                        "config: none  # default");
    }

    @Test
    void theDefaultsAreTheseValues() throws BadConfig {
        Config config = reading().flags("--subnet=10.42.1.0/24").config();
        assertThat(config)
                .isEqualTo(new Config(
                        "a",
                        Optional.empty(),
                        prefixes("10.42.1.0/24"),
                        List.of(),
                        prefixes("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"),
                        8,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        5114,
                        Path.of("/etc/onlink/key"),
                        false,
                        Optional.of(new Listen(Ipv4.parse("127.0.0.1"), 5115)),
                        128,
                        "tunl0",
                        OptionalInt.empty(),
                        Optional.empty(),
                        Config.Nexthops.AUTO,
                        Config.PacketGuard.AUTO,
                        true,
                        true,
                        Duration.ofSeconds(60),
                        50,
                        Duration.ofSeconds(30),
                        Duration.ofHours(24),
                        Config.OnStop.STAY,
                        true,
                        Path.of("/run/onlink"),
                        Path.of("/var/lib/onlink"),
                        Config.LogFormat.TEXT,
                        Config.LogLevel.INFO,
                        config.effective()));
    }

    @Test
    void everySettingOfTheFileArrives() throws BadConfig {
        assertEverything(reading().file(EVERYTHING).config());
    }

    @Test
    void everySettingArrivesAsAFlagToo() throws BadConfig {
        List<String> flags = reading().file(EVERYTHING).config().effective().stream()
                .filter(line -> line.setting() != Setting.CONFIG)
                .map(line -> line.setting().flag() + "=" + line.value())
                .toList();
        assertEverything(reading().file("").flags(flags).config());
    }

    @Test
    void everySettingArrivesFromTheEnvironmentToo() throws BadConfig {
        Reading reading = reading();
        reading.file(EVERYTHING).config().effective().stream()
                .filter(line -> line.setting() != Setting.CONFIG)
                .forEach(line -> reading.variable(line.setting().variable(), line.value()));
        assertEverything(reading.file("").config());
    }

    private static void assertEverything(Config config) {
        assertThat(config)
                .isEqualTo(new Config(
                        "b",
                        Optional.of(Ipv4.parse("172.16.165.34")),
                        prefixes("10.42.2.0/24", "10.42.4.0/24"),
                        List.of(new Seed("172.16.165.33", 5114), new Seed("seed.example.net", 6114)),
                        prefixes("10.42.0.0/16"),
                        24,
                        Optional.of(Path.of("/etc/onlink/authority.pub")),
                        Optional.of(Path.of("/etc/onlink/b.grant")),
                        Optional.of(Ipv4.ANY),
                        6114,
                        Path.of("/etc/onlink-b/key"),
                        false,
                        Optional.empty(),
                        0,
                        "onlink0",
                        OptionalInt.of(1480),
                        Optional.of("mybr0"),
                        Config.Nexthops.NEVER,
                        Config.PacketGuard.TC,
                        false,
                        false,
                        Duration.ofMinutes(5),
                        80,
                        Duration.ofMillis(1500),
                        Duration.ofHours(2),
                        Config.OnStop.LEAVE,
                        false,
                        Path.of("/run/onlink-b"),
                        Path.of("/var/lib/onlink-b"),
                        Config.LogFormat.JSON,
                        Config.LogLevel.DEBUG,
                        config.effective()));
    }

    @Test
    void aFlagWinsOverTheEnvironmentAndThatOverTheFile() throws BadConfig {
        Reading reading = reading().file("subnet: 10.42.1.0/24\nmtu: 1401\nhold: 11s\nresync: 11s\n");
        reading.variable("ONLINK_MTU", "1402").variable("ONLINK_HOLD", "12s");
        assertThat(reading.flags("--mtu 1403").listing())
                .contains(
                        "mtu: 1403  # flag --mtu",
                        "hold: 12s  # environment ONLINK_HOLD",
                        "resync: 11s  # onlink.yaml line 4",
                        "tunnel: tunl0  # default",
                        "config: onlink.yaml  # default");
    }

    @Test
    void aListReplacesTheListOfALesserSourceAsAWhole() throws BadConfig {
        Reading reading = reading().file("subnet: [10.42.1.0/24, 10.42.2.0/24]\n");
        assertThat(reading.config().subnets()).isEqualTo(prefixes("10.42.1.0/24", "10.42.2.0/24"));
        reading.flags("--subnet 10.42.7.0/24 --subnet 10.42.9.0/24,10.42.8.0/24");
        assertThat(reading.config().subnets()).isEqualTo(prefixes("10.42.7.0/24", "10.42.9.0/24", "10.42.8.0/24"));
    }

    @Test
    void aWordTakesBackWhatALesserSourceSets() throws BadConfig {
        Config config = reading()
                .file(EVERYTHING)
                .flags("--bridge none --mtu auto --node-ip auto --bind node-ip")
                .config();
        assertThat(config.bridge()).isEmpty();
        assertThat(config.mtu()).isEmpty();
        assertThat(config.nodeIp()).isEmpty();
        assertThat(config.bind()).isEmpty();
    }

    @Test
    void theFileIsTakenFromTheFlagElseTheEnvironment() throws Exception {
        Path other = Files.writeString(directory.resolve("other.yaml"), "subnet: 10.42.9.0/24\n");
        Reading reading = reading().file("subnet: 10.42.1.0/24\n").variable("ONLINK_CONFIG", other.toString());
        assertThat(reading.config().subnets()).isEqualTo(prefixes("10.42.9.0/24"));
        reading.flags("--config " + directory.resolve("onlink.yaml"));
        assertThat(reading.config().subnets()).isEqualTo(prefixes("10.42.1.0/24"));
    }

    @Test
    void aSeedGivenTwiceIsOneSeed() throws BadConfig {
        assertThat(reading()
                        .flags("--subnet 10.42.1.0/24 --seed b,c:5114 --seed b:5114")
                        .config()
                        .seeds())
                .containsExactly(new Seed("b", 5114), new Seed("c", 5114));
    }

    @Test
    void variablesOfTheLauncherAndOfOthersAreLeftAlone() throws BadConfig {
        Reading reading = reading().variable("ONLINK_JAVA_OPTS", "-Xmx64m").variable("ONLINK_CDS_DUMP", "1");
        assertThat(reading.variable("PATH", "/bin")
                        .flags("--subnet 10.42.1.0/24")
                        .config()
                        .mtu())
                .isEmpty();
    }

    @Test
    void aPlaceIsReadWithoutRegardToOtherSettings() throws BadConfig {
        ConfigReader reader =
                reading().file("run-dir: /run/b\nmtu: 7\nfoo: 1\n").reader();
        Place place = reader.place(EnumSet.of(Setting.RUN_DIR), List.of(), Map.of("ONLINK_STATE_DIR", "/state"));
        assertThat(place).isEqualTo(new Place(Path.of("/run/b"), Path.of("/state"), "tunl0"));
        assertThat(place.socket()).isEqualTo(Path.of("/run/b/onlink.sock"));
    }

    @Test
    void aPlaceTakesOnlyItsOwnFlags() {
        ConfigReader reader = reading().reader();
        List<String> flags = List.of("--run-dri", "/run/b", "--mtu", "1400");
        assertThatThrownBy(() -> reader.place(EnumSet.of(Setting.RUN_DIR), flags, Map.of()))
                .isInstanceOf(BadConfig.class)
                .hasMessage("""
                        run-dri: no such setting; did you mean --run-dir? (flag --run-dri)
                        mtu: no such setting (flag --mtu)""");
    }

    private Reading reading() {
        return new Reading(directory);
    }

    private static List<Ipv4Prefix> prefixes(String... texts) {
        return Arrays.stream(texts).map(Ipv4Prefix::parse).toList();
    }
}
