package io.onlink.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProblemsTest {
    private static final String SUBNET = "--subnet 10.42.1.0/24 ";

    @TempDir
    Path directory;

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    --mtu 67               | mtu: '67' is neither auto nor 68 to 65535 bytes (flag --mtu)
                    --mtu 65536            | mtu: '65536' is neither auto nor 68 to 65535 bytes (flag --mtu)
                    --mtu 0x5dc            | mtu: '0x5dc' is neither auto nor 68 to 65535 bytes (flag --mtu)
                    --mtu                  | mtu: has no value (flag --mtu)
                    --mtu=                 | mtu: has an empty value (flag --mtu)
                    --mtu 1400 --mtu 1480  | mtu: is given 2 times, as 1400 and 1480 (flag --mtu)
                    --mut 1400             | mut: no such setting; did you mean --mtu? (flag --mut)
                    --sede b               | sede: no such setting; did you mean --seed? (flag --sede)
                    --gossip-prot=5114     | gossip-prot: no such setting; did you mean --gossip-port? (flag --gossip-prot)
                    --wireguard on         | wireguard: no such setting (flag --wireguard)
                    -mtu 1400              | mtu: no such setting; did you mean --mtu? (flag -mtu)
                    start                  | start: is not expected here; settings are given as --key value (argument)
                    --node-name a/b        | node-name: 'a/b' is not 1 to 63 characters of A-Z a-z 0-9 . _ - (flag --node-name)
                    --node-ip 127.0.0.1    | node-ip: '127.0.0.1' is no address that peers can reach; loopback, multicast and reserved ones are not (flag --node-ip)
                    --node-ip 224.0.0.5    | node-ip: '224.0.0.5' is no address that peers can reach; loopback, multicast and reserved ones are not (flag --node-ip)
                    --node-ip eth0         | node-ip: 'eth0' is not an IPv4 address such as 172.16.165.33 (flag --node-ip)
                    --bind 224.0.0.5       | bind: '224.0.0.5' is no address to listen at (flag --bind)
                    --gossip-port 0        | gossip-port: '0' is not a port, 1 to 65535 (flag --gossip-port)
                    --http 5115            | http: '5115' is neither address:port, such as 127.0.0.1:5115, nor off (flag --http)
                    --http localhost:5115  | http: 'localhost' is not an IPv4 address such as 172.16.165.33 (flag --http)
                    --http 127.0.0.1:x     | http: 'x' is not a port, 1 to 65535 (flag --http)
                    --seed b:              | seed: '' is not a port, 1 to 65535 (flag --seed)
                    --seed b:70000         | seed: '70000' is not a port, 1 to 65535 (flag --seed)
                    --seed b,,c            | seed: has an empty value (flag --seed)
                    --seed [::1]:5114      | seed: '[::1]:5114' is not host:port; IPv6 is not supported (flag --seed)
                    --seed 172.16.165.300  | seed: '172.16.165.300' is not an IPv4 address such as 172.16.165.33 (flag --seed)
                    --seed 0.0.0.0         | seed: 0.0.0.0 is no address a node can have (flag --seed)
                    --seed no_.-such       | seed: 'no_.-such' is neither an IPv4 address nor a DNS name (flag --seed)
                    --seed 10.42.1.7       | seed: 10.42.1.7 is in our own subnet 10.42.1.0/24; give the seed's node IP (flag --seed)
                    --subnet 10.42.2.1/24  | subnet: 10.42.2.1/24 has host bits set; did you mean 10.42.2.0/24? (flag --subnet)
                    --subnet 10.42.2.0     | subnet: '10.42.2.0' is not an IPv4 prefix such as 10.42.1.0/24 (flag --subnet)
                    --subnet 10.42.2.0/33  | subnet: a prefix length of 33 is not between 0 and 32 (flag --subnet)
                    --subnet 10.42.1.0/25  | subnet: 10.42.1.0/25 overlaps subnet 10.42.1.0/24 (flag --subnet)
                    --subnet 10.42.1.0/24  | subnet: 10.42.1.0/24 overlaps subnet 10.42.1.0/24 (flag --subnet)
                    --subnet 127.0.0.0/8   | subnet: 127.0.0.0/8 holds addresses no host can have: 0/8, loopback, multicast or reserved ones (flag --subnet)
                    --subnet 8.8.8.0/24    | subnet: 8.8.8.0/24 is outside of overlay-cidr 10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10 (flag --subnet)
                    --overlay-cidr 10.0.0.0/40 | overlay-cidr: a prefix length of 40 is not between 0 and 32 (flag --overlay-cidr)
                    --overlay-cidr 10.43.0.0/16 | subnet: 10.42.1.0/24 is outside of overlay-cidr 10.43.0.0/16 (flag --subnet)
                    --node-ip 10.42.1.9    | subnet: 10.42.1.0/24 holds the node IP 10.42.1.9; the underlay cannot be in the overlay (flag --subnet)
                    --bind 10.42.1.9       | subnet: 10.42.1.0/24 holds the bind address 10.42.1.9; gossip cannot go by the overlay (flag --subnet)
                    --tunnel sixteen-letters0 | tunnel: 'sixteen-letters0' is no link name: 1 to 15 characters of A-Z a-z 0-9 . _ - (flag --tunnel)
                    --tunnel ..            | tunnel: '..' is no link name: 1 to 15 characters of A-Z a-z 0-9 . _ - (flag --tunnel)
                    --bridge my/br         | bridge: 'my/br' is no link name: 1 to 15 characters of A-Z a-z 0-9 . _ - (flag --bridge)
                    --bridge tunl0         | bridge: 'tunl0' is the tunnel (flag --bridge)
                    --http 0.0.0.0:5114    | http: port 5114 is the gossip port; give one of them another (flag --http)
                    --bind 0.0.0.0 --http 127.0.0.1:5114 | http: port 5114 is the gossip port; give one of them another (flag --http)
                    --node-ip 172.16.165.33 --http 172.16.165.33:5114 | http: port 5114 is the gossip port; give one of them another (flag --http)
                    --guard iptables       | guard: 'iptables' is not auto or nftables or tc or off (flag --guard)
                    --nexthops always      | nexthops: 'always' is not auto or never (flag --nexthops)
                    --hold 500ms           | hold: '500ms' is not between 1s and 1h (flag --hold)
                    --hold 61m             | hold: '61m' is not between 1s and 1h (flag --hold)
                    --hold 60              | hold: '60' is not a time such as 1500ms, 60s, 5m or 1h (flag --hold)
                    --resync 1d            | resync: '1d' is not a time such as 1500ms, 60s, 5m or 1h (flag --resync)
                    --on-stop die          | on-stop: 'die' is not stay or leave (flag --on-stop)
                    --ip-forward yes       | ip-forward: 'yes' is neither true nor false (flag --ip-forward)
                    --run-dir run          | run-dir: 'run' is not an absolute path (flag --run-dir)
                    --state-dir run        | state-dir: 'run' is not an absolute path (flag --state-dir)
                    --log-format xml       | log-format: 'xml' is not text or json (flag --log-format)
                    --log-level trace      | log-level: 'trace' is not error or warn or info or debug (flag --log-level)
                    --config /no/such      | config: does not exist (/no/such)
                    --config /             | config: cannot be read: Is a directory (/)
                    """)
    void aWrongFlagIsOneProblem(String flags, String line) {
        assertThat(reading().flags(SUBNET + flags).problems()).containsExactly(line);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    subnet: 10.42.1.0/24\\nmtu: 67      | mtu: '67' is neither auto nor 68 to 65535 bytes (onlink.yaml line 2)
                    subnet: 10.42.1.0/24\\nmtu:         | mtu: has an empty value (onlink.yaml line 2)
                    subnet: 10.42.1.0/24\\nmut: 1400    | mut: no such setting; did you mean mtu? (onlink.yaml line 2)
                    subnet: 10.42.1.0/24\\nMTU: 1400    | MTU: no such setting (onlink.yaml line 2)
                    subnet: 10.42.1.0/24\\nconfig: x    | config: is a flag and an environment variable only (onlink.yaml line 2)
                    subnet: 10.42.1.0/24\\nmtu: [1400]  | mtu: takes one value, not a list or mapping (onlink.yaml line 2)
                    subnet: 10.42.1.0/24\\nseed: {a: b} | seed: takes a value or a list of values, not a mapping or nothing (onlink.yaml line 2)
                    subnet:\\n - 10.42.1.0/24\\n - 10.42.2.1/24 | subnet: 10.42.2.1/24 has host bits set; did you mean 10.42.2.0/24? (onlink.yaml line 3)
                    subnet: 10.42.1.0/24\\nsubnet: 10.42.2.0/24 | subnet: is already given at onlink.yaml line 1 (onlink.yaml line 2)
                    subnet: 10.42.1.0/24\\n[a, b]: 1    | config: holds a key that is no name (onlink.yaml line 2)
                    subnet: [[10.42.1.0/24]]            | config: holds more than keys with values or lists (onlink.yaml line 1)
                    subnet: &a 10.42.1.0/24\\nseed: *a  | config: holds more than keys with values or lists (onlink.yaml line 2)
                    subnet                              | config: is not a list of key: value (onlink.yaml line 1)
                    - subnet                            | config: is not a list of key: value (onlink.yaml line 1)
                    """)
    void aWrongFileIsAProblemWithItsLine(String file, String line) {
        assertThat(reading().file(file.replace("\\n", "\n")).problems()).containsExactly(line);
    }

    @Test
    void aFileThatIsNoYamlIsOneProblemAndNoSubnetIsMissedInIt() {
        assertThat(reading()
                        .file("mtu: 1400\nsubnet: [10.42.1.0/24\nhold: 60s\n")
                        .problems())
                .containsExactly("config: is not YAML: expected ',' or ']', but got : (onlink.yaml line 3)");
    }

    @Test
    void aFileOfTwoDocumentsIsAProblem() {
        assertThat(reading().file("mtu: 1400\n---\nmtu: 1401\n").problems())
                .containsExactly("config: is not YAML: but found another document (onlink.yaml line 2)");
    }

    @Test
    void aFileThatIsNotUtf8IsAProblem() {
        assertThat(reading()
                        .file("node-name: f\u00fcnf\n".getBytes(StandardCharsets.ISO_8859_1))
                        .problems())
                .containsExactly("config: is not UTF-8 text (onlink.yaml)");
    }

    @Test
    void aFileOfMoreThan64KibIsAProblem() {
        assertThat(reading().file("#".repeat(65537)).problems())
                .containsExactly("config: is longer than 65536 bytes (onlink.yaml)");
        assertThat(reading().file("#".repeat(65536)).flags(SUBNET).problems()).isEmpty();
    }

    @Test
    void deepNestingIsAProblemAndNoOverflow() {
        assertThat(reading().file("[".repeat(65536)).problems())
                .containsExactly("config: holds more than keys with values or lists (onlink.yaml line 1)");
    }

    @Test
    void anUnknownOrEmptyVariableIsAProblem() {
        Reading reading =
                reading().flags(SUBNET).variable("ONLINK_GOSIP_PORT", "1").variable("ONLINK_BRIDGE", "");
        assertThat(reading.variable("ONLINK_FOO", "x").problems())
                .containsExactly(
                        "ONLINK_FOO: no such setting (environment ONLINK_FOO)",
                        "ONLINK_GOSIP_PORT: no such setting; did you mean ONLINK_GOSSIP_PORT?"
                                + " (environment ONLINK_GOSIP_PORT)",
                        "bridge: has an empty value (environment ONLINK_BRIDGE)");
    }

    @Test
    void withoutASubnetNothingRuns() {
        assertThat(reading().problems())
                .containsExactly("subnet: is required: the prefix behind this node, such as --subnet 10.42.1.0/24"
                        + " (default)");
    }

    @Test
    void anEmptyListOfSubnetsIsNoSubnet() {
        assertThat(reading().file("subnet: []\n").problems())
                .containsExactly(
                        "subnet: takes a value or a list of values, not a mapping or nothing (onlink.yaml line 1)",
                        "subnet: is required: the prefix behind this node, such as --subnet 10.42.1.0/24 (default)");
    }

    @Test
    void aHostWithoutANameOfItsOwnNeedsASetting() {
        assertThat(reading().hostName("localhost").flags(SUBNET).problems())
                .containsExactly("node-name: the host has no name of its own; set --node-name (default)");
        assertThat(reading().hostName("x".repeat(64)).flags(SUBNET).problems())
                .containsExactly(
                        "node-name: '" + "x".repeat(64) + "' is not 1 to 63 characters of A-Z a-z 0-9 . _ - (default)");
        assertThat(reading().flags(SUBNET + "--node-name b").problems()).isEmpty();
    }

    @Test
    void aBridgeNeedsASubnetWithRoomForIt() {
        assertThat(reading().flags("--subnet 10.42.1.0/31 --bridge mybr0").problems())
                .containsExactly("bridge: subnet 10.42.1.0/31 has no address for a bridge; it takes a /30 or shorter"
                        + " (flag --bridge)");
        assertThat(reading().flags("--subnet 10.42.1.0/30 --bridge mybr0").problems())
                .isEmpty();
    }

    @Test
    void listsHaveALimit() {
        String subnets = numbered("10.42.%d.0/24", 65);
        assertThat(reading().flags("--subnet " + subnets).problems())
                .containsExactly("subnet: has 65 values, more than 64 (flag --subnet)");
        assertThat(reading().flags(SUBNET + "--seed " + numbered("seed%d", 257)).problems())
                .containsExactly("seed: has 257 values, more than 256 (flag --seed)");
        assertThat(reading().flags("--subnet " + numbered("10.42.%d.0/24", 64)).problems())
                .isEmpty();
    }

    private static String numbered(String format, int count) {
        return String.join(
                ",", IntStream.range(0, count).mapToObj(format::formatted).toList());
    }

    @Test
    void aRunDirectoryTooLongForASocketIsAProblem() {
        assertThat(reading().flags(SUBNET + "--run-dir /" + "r".repeat(94)).problems())
                .isEmpty();
        assertThat(reading().flags(SUBNET + "--run-dir /" + "r".repeat(95)).problems())
                .containsExactly("run-dir: '/" + "r".repeat(95)
                        + "' has 96 bytes; a socket in it can have a name only if it has at most 95 (flag --run-dir)");
    }

    @Test
    void allProblemsAreReportedAtOnce() {
        Reading reading = reading()
                .file("subnet: 10.42.1.5/24\nhodl: 60s\ntunnel: tunl0\n")
                .variable("ONLINK_RESYNC", "never")
                .flags("--mut 1400 --bridge tunl0 --gossip-port 5114x --bind 10.42.1.1 --log-level=loud");
        assertThat(reading.problems())
                .containsExactly(
                        "mut: no such setting; did you mean --mtu? (flag --mut)",
                        "hodl: no such setting; did you mean hold? (onlink.yaml line 2)",
                        "subnet: 10.42.1.5/24 has host bits set; did you mean 10.42.1.0/24? (onlink.yaml line 1)",
                        "gossip-port: '5114x' is not a port, 1 to 65535 (flag --gossip-port)",
                        "resync: 'never' is not a time such as 1500ms, 60s, 5m or 1h (environment ONLINK_RESYNC)",
                        "log-level: 'loud' is not error or warn or info or debug (flag --log-level)",
                        "bridge: 'tunl0' is the tunnel (flag --bridge)");
    }

    @Test
    void aProblemIsOneLineOfPlainTextWhateverWasGiven() {
        assertThat(reading()
                        .flags(List.of("--subnet=10.42.1.0/24", "--node-ip=1\n2\u001b[31m"))
                        .problems())
                .containsExactly("node-ip: '1?2?[31m' is not an IPv4 address such as 172.16.165.33 (flag --node-ip)");
    }

    private Reading reading() {
        return new Reading(directory);
    }
}
