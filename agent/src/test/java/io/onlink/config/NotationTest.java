package io.onlink.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.onlink.Seeded;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** From text to value, at the edges; and which source wins. */
class NotationTest {
    private static final Map<String, Function<String, Object>> NOTATIONS = Map.ofEntries(
            Map.entry("name", Notation::nodeName),
            Map.entry("node-ip", Notation::nodeIp),
            Map.entry("listen", Notation::listenAddress),
            Map.entry("port", Notation::port),
            Map.entry("mtu", Notation::mtu),
            Map.entry("link", Notation::linkName),
            Map.entry("peers", Notation::peerSeries),
            Map.entry("time", Notation::duration),
            Map.entry("dir", Notation::absolute),
            Map.entry("run-dir", Notation::runDir),
            Map.entry("boolean", Notation::yesNo));

    @ParameterizedTest
    @CsvSource({
        "port, 1, 1",
        "port, 65535, 65535",
        "port, 005114, 5114",
        "mtu, auto, OptionalInt.empty",
        "mtu, 68, OptionalInt[68]",
        "mtu, 65535, OptionalInt[65535]",
        "peers, auto, 128",
        "peers, 0, 0",
        "peers, 10000, 10000",
        "time, 1000ms, PT1S",
        "time, 1s, PT1S",
        "time, 60m, PT1H",
        "time, 1h, PT1H",
        "time, 3600000ms, PT1H",
        "link, tunl0, tunl0",
        "link, fifteen-letters, fifteen-letters",
        "listen, 0.0.0.0, 0.0.0.0",
        "listen, 127.0.0.1, 127.0.0.1",
        "boolean, true, true",
        "dir, /var/lib/../lib/onlink, /var/lib/../lib/onlink",
    })
    void theEdgesAreGood(String notation, String text, String value) {
        assertThat(NOTATIONS.get(notation).apply(text)).hasToString(value);
    }

    @ParameterizedTest
    @CsvSource({
        "port, 0, is not a port",
        "port, 65536, is not a port",
        "port, 9999999, is not a port",
        "port, +80, is not a port",
        "port, 0x50, is not a port",
        "mtu, 67, is neither auto nor 68 to 65535 bytes",
        "mtu, 65536, is neither auto nor 68 to 65535 bytes",
        "mtu, AUTO, is neither auto nor 68 to 65535 bytes",
        "time, 999ms, is not between 1s and 1h",
        "time, 0s, is not between 1s and 1h",
        "time, 61m, is not between 1s and 1h",
        "time, 99999999h, is not between 1s and 1h",
        "time, 60, is not a time such as",
        "time, 1.5s, is not a time such as",
        "time, 1 s, is not a time such as",
        "time, 123456789s, is not a time such as",
        "link, sixteen-letters1, is no link name",
        "link, .., is no link name",
        "link, a/b, is no link name",
        "link, '', is no link name",
        "name, a b, is not 1 to 63 characters",
        "node-ip, 127.0.0.1, is no address that peers can reach",
        "node-ip, 0.0.0.0, is no address that peers can reach",
        "node-ip, 224.0.0.1, is no address that peers can reach",
        "listen, 224.0.0.1, is no address to listen at",
        "boolean, yes, is neither true nor false",
        "boolean, TRUE, is neither true nor false",
        "dir, var/lib, is not an absolute path",
    })
    void whatIsBeyondIsNamedWithItsReason(String notation, String text, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NOTATIONS.get(notation).apply(text))
                .withMessageStartingWith("'" + text + "' " + why);
    }

    @Test
    void aRunDirectoryLeavesRoomForTheSocketsName() {
        String longest = "/" + "r".repeat(94);
        assertThat(Notation.runDir(longest)).isEqualTo(Path.of(longest));
        assertThatIllegalArgumentException().isThrownBy(() -> Notation.runDir(longest + "r"));
        assertThatIllegalArgumentException().isThrownBy(() -> Notation.runDir("/" + "\u00e9".repeat(48)));
    }

    @Test
    void aTimeIsWhatItsUnitSays() {
        assertThat(Notation.duration("1500ms")).isEqualTo(Duration.ofMillis(1500));
        assertThat(Notation.duration("5m")).isEqualTo(Duration.ofMinutes(5));
    }

    @ParameterizedTest
    @CsvSource({
        "b,                     b:5114",
        "b:7000,                b:7000",
        "172.16.165.33,         172.16.165.33:5114",
        "seed-1.example.org.,   seed-1.example.org.:5114",
        "_onlink._tcp.example,  _onlink._tcp.example:5114",
        "127.0.0.1:1,           127.0.0.1:1",
    })
    void aSeedIsAnAddressOrAName(String text, String seed) {
        assertThat(Seed.parse(text)).hasToString(seed);
        assertThat(Seed.parse(text).address().isPresent()).isEqualTo(text.matches("[0-9].*"));
    }

    @ParameterizedTest
    @CsvSource({
        "'', neither an IPv4 address nor a DNS name",
        "-b, neither an IPv4 address nor a DNS name",
        "b..c, neither an IPv4 address nor a DNS name",
        "b:, is not a port",
        "b:0, is not a port",
        "[::1]:5114, IPv6 is not supported",
        "::1, IPv6 is not supported",
        "1.2.3, is not an IPv4 address",
        "host.7, is not an IPv4 address",
        "256.1.1.1, is not an IPv4 address",
        "0.0.0.0, is no address a node can have",
        "255.255.255.255, is no address a node can have",
    })
    void anythingElseIsNoSeed(String text, String why) {
        assertThatIllegalArgumentException().isThrownBy(() -> Seed.parse(text)).withMessageContaining(why);
    }

    @ParameterizedTest
    @CsvSource({
        "gossip-prot, ; did you mean gossip-port?",
        "subnets,     ; did you mean subnet?",
        "htpp,        ; did you mean http?",
        "zzzzzz,      ''",
        "nexthop,     ; did you mean nexthops?",
    })
    void aMisspeltKeyIsGuessedIfItIsNear(String given, String suggestion) {
        List<String> keys = new ArrayList<>();
        for (Setting setting : Setting.values()) {
            keys.add(setting.key());
        }
        assertThat(Spelling.suggest(given, keys)).isEqualTo(suggestion);
        assertThat(Spelling.suggest("x".repeat(100_000), keys)).isEmpty();
    }

    @Test
    void aDistanceIsNoneOnlyToItselfAndNeverMoreThanTheLongerName() {
        Seeded.cases(500, random -> {
            String[] words = new String[2];
            for (int i = 0; i < 2; i++) {
                StringBuilder word = new StringBuilder();
                for (int n = random.nextInt(8); n > 0; n--) {
                    word.append((char) ('a' + random.nextInt(3)));
                }
                words[i] = word.toString();
            }
            int distance = Spelling.distance(words[0], words[1]);
            assertThat(distance == 0).isEqualTo(words[0].equals(words[1]));
            assertThat(distance)
                    .isBetween(
                            Math.abs(words[0].length() - words[1].length()),
                            Math.max(words[0].length(), words[1].length()));
        });
    }

    /** Of flag, environment, file and default the first that has a setting gives it, alone of all settings. */
    @ParameterizedTest
    @EnumSource(names = {"NODE_NAME", "GOSSIP_PORT", "TUNNEL", "MTU", "HOLD", "LOG_LEVEL", "IP_FORWARD", "SUBNET"})
    void theFirstSourceThatHasASettingGivesIt(Setting setting, @TempDir Path directory) throws BadConfig {
        Map<Setting, List<String>> values = Map.of(
                Setting.NODE_NAME, List.of("n1", "n2", "n3"),
                Setting.GOSSIP_PORT, List.of("7001", "7002", "7003"),
                Setting.TUNNEL, List.of("t1", "t2", "t3"),
                Setting.MTU, List.of("1401", "1402", "1403"),
                Setting.HOLD, List.of("11s", "12s", "13s"),
                Setting.LOG_LEVEL, List.of("error", "warn", "debug"),
                Setting.IP_FORWARD, List.of("true", "false", "true"),
                Setting.SUBNET, List.of("10.42.1.0/24", "10.42.2.0/24", "10.42.3.0/24"));
        List<String> three = values.get(setting);
        for (int sources = 1; sources < 8; sources++) {
            Reading reading = new Reading(directory);
            Map<String, String> winner = new LinkedHashMap<>();
            boolean needed = setting == Setting.SUBNET;
            List<String> flags = new ArrayList<>(needed ? List.of() : List.of("--subnet", "10.42.9.0/24"));
            if ((sources & 1) != 0) {
                Collections.addAll(flags, setting.flag(), three.get(0));
                winner.put("flag " + setting.flag(), three.get(0));
            }
            if ((sources & 2) != 0) {
                reading.variable(setting.variable(), three.get(1));
                winner.put("environment " + setting.variable(), three.get(1));
            }
            boolean file = (sources & 4) != 0;
            reading.file(file ? setting.key() + ": " + three.get(2) + "\n" : "");
            if (file) {
                winner.put("onlink.yaml line 1", three.get(2));
            }
            Map.Entry<String, String> first = winner.entrySet().iterator().next();
            assertThat(reading.flags(flags).listing())
                    .as("sources %d", sources)
                    .contains(setting.key() + ": " + first.getValue() + "  # " + first.getKey());
        }
    }
}
