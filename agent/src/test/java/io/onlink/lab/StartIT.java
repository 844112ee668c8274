package io.onlink.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What keeps an agent from starting: each case is one clear line and an exit status. */
class StartIT extends OnHosts {
    private static final String[] GOOD = {"--node-ip", "172.31.7.1", "--subnet", "10.42.1.0/24"};
    private static final String LIMITED = "setpriv --bounding-set -net_admin --inh-caps -net_admin ";
    private static final String NO_GUARD =
            "77: this needs root or CAP_NET_ADMIN: cannot try the packet guard by nf_tables:"
                    + " EPERM, the agent lacks CAP_NET_ADMIN; run it as root or grant that capability\n";

    StartIT() {
        super(1);
    }

    /** Status and output of an agent that ends by itself, without the lines on what it has set up before. */
    private String ended(String prefix, String... flags) throws Exception {
        String command = prefix + String.join(" ", net.agentCommand(1, flags));
        return net.ended(1, command.split(" ", -1))
                .replaceAll(
                        "(ip|sysctl) [^\n]* \\(startup\\)\n|(gossip is sealed|INSECURE:|tunl0 is of kind|the packet guard is) [^\n]*\n",
                        "");
    }

    @Test
    void withoutTheCapabilityNothingIsSetUpAndNothingJoined() throws Exception {
        assertThat(ended(LIMITED, GOOD)).isEqualTo(NO_GUARD);
        net.ip(1, "link del tunl0");
        assertThat(ended(LIMITED, GOOD)).isEqualTo(NO_GUARD);
    }

    @Test
    void withoutTheCapabilityATunnelThatIsThereAlreadyIsNotJoinedWithEither() throws Exception {
        net.ip(1, "link set tunl0 mtu 1480 up");
        net.ip(1, "addr add 10.42.1.0/32 dev tunl0");
        net.ended(1, "sysctl", "-w", "net.ipv4.ip_forward=1");
        assertThat(ended(LIMITED, GOOD)).isEqualTo(NO_GUARD);
        assertThat(ended(LIMITED, withoutGuard()))
                .isEqualTo("77: this needs root or CAP_NET_ADMIN: no route can be written: EPERM, the agent lacks"
                        + " CAP_NET_ADMIN; run it as root or grant that capability\n");
    }

    @Test
    void anotherUserIsToldOfTheDirectory() throws Exception {
        Files.createDirectories(net.dir(1));
        assertThat(ended("setpriv --reuid 65534 --regid 65534 --clear-groups ", insecure()))
                .startsWith("77: ")
                .contains("run-dir: cannot ")
                .contains(net.dir(1) + ": permission denied; ")
                .as("one error, not two")
                .hasLineCount(1);
    }

    @Test
    void withoutTheModuleTheTunnelCannotBeMade() throws Exception {
        net.ip(1, "link del tunl0");
        assertThat(ended("", GOOD))
                .isEqualTo("69: the tunnel cannot be set up: ip link add tunl0 type ipip: EOPNOTSUPP, this kernel has"
                        + " no ipip module; `modprobe ipip` or install the kernel's extra modules\n");
    }

    @Test
    void aTakenPortIsNamed() throws Exception {
        Process tcp = net.start(1, Taker.command("tcp", "172.31.7.1", "5114"));
        Process http = net.start(1, Taker.command("tcp", "127.0.0.1", "5115"));
        awaitListening("5114");
        awaitListening("5115");
        assertThat(ended("", GOOD))
                .isEqualTo("69: cannot listen on TCP 127.0.0.1:5115: Address already in use; stop the other program"
                        + " (ss -lntp 'sport = :5115'), or choose another --http, or off\n");
        http.destroyForcibly().waitFor();
        assertThat(ended("", GOOD))
                .isEqualTo("69: gossip cannot start: TCP port 5114 of 172.31.7.1 is taken or not allowed: stop the"
                        + " other program (ss -lntup 'sport = :5114') or choose another gossip port (Address already"
                        + " in use)\n");
        tcp.destroyForcibly().waitFor();
        net.start(1, Taker.command("udp", "172.31.7.1", "5114"));
        awaitListening("5114");
        assertThat(ended("", GOOD)).startsWith("69: gossip cannot start: UDP port 5114 of 172.31.7.1 is taken");
    }

    private void awaitListening(String port) {
        await().atMost(Netns.SOON)
                .until(() -> net.ended(1, "ss", "-Hlntu", "sport = :" + port).length() > 4);
    }

    @Test
    void theNodeIpMustBeThisHosts() throws Exception {
        assertThat(ended("", "--node-ip", "172.31.7.9", "--subnet", "10.42.1.0/24"))
                .isEqualTo(
                        "69: node-ip: 172.31.7.9 is no address of this host (yet); it has 127.0.0.1 on lo, 172.31.7.1 on"
                                + " eth0\n");
        assertThat(ended("", "--subnet", "10.42.1.0/24"))
                .isEqualTo("78: node-ip: not set, and without a seed there is no route to find it by; set --node-ip\n");
        assertThat(ended("", "--subnet", "10.42.1.0/24", "--seed", "9.9.9.9"))
                .isEqualTo("69: node-ip: not set, and the route to the first seed 9.9.9.9:5114 names no address; set"
                        + " --node-ip\n");
        assertThat(ended("", "--subnet", "10.42.1.0/24", "--seed", "no.invalid"))
                .isEqualTo("69: node-ip: not set, and the first seed no.invalid:5114 resolves to no IPv4 address; set"
                        + " --node-ip\n");
    }

    @Test
    void theSubnetMustBeOutsideTheUnderlay() throws Exception {
        assertThat(ended("", "--node-ip", "172.31.7.1", "--subnet", "172.31.7.128/25"))
                .isEqualTo("78: subnet: 172.31.7.128/25 overlaps the underlay's 172.31.7.0/24 on eth0; choose a subnet"
                        + " outside it\n");
    }

    /** Good settings for one who is not to be stopped by the guard. */
    private static String[] withoutGuard() {
        return Stream.concat(Stream.of(GOOD), Stream.of("--guard", "off")).toArray(String[]::new);
    }

    /** Good settings for a user who may not read the key. */
    private static String[] insecure() {
        return Stream.concat(Stream.of(GOOD), Stream.of("--insecure")).toArray(String[]::new);
    }

    @Test
    void theRunDirectoryMustBePossible() throws Exception {
        String[] command = {
            Netns.LAUNCHER,
            "agent",
            "--node-ip",
            "172.31.7.1",
            "--subnet",
            "10.42.1.0/24",
            "--insecure",
            "--run-dir",
            "/proc/none"
        };
        assertThat(net.ended(1, command).replaceAll("INSECURE: [^\n]*\n", ""))
                .startsWith("69: run-dir: cannot make /proc/none: ")
                .endsWith("; make it for this user, or choose another --run-dir\n");
    }

    @Test
    void asManySeedsAsTheSettingsTakeAreTaken() throws Exception {
        String seeds =
                IntStream.rangeClosed(2, 250).mapToObj(i -> "192.0.2." + i).collect(Collectors.joining(","));
        net.agentAs(1, "172.31.7.1", "10.42.1.0/24", "--seed", seeds);
        net.awaitLog(1, "250 seeds");
    }

    @Test
    void aSecondAgentIsRefusedWhateverItsDirectoryPortsAndTunnel() throws Exception {
        net.agent(1);
        net.awaitLog(1, "first full view");
        String refused = "another agent runs in this network namespace (it holds the unix socket @onlink-114), and two"
                + " would take each other's routes away; 'ss -xap src @onlink-114' names its process: stop it, or run"
                + " 'onlink leave' with its --run-dir\n";
        assertThat(ended("", GOOD)).isEqualTo("69: " + refused);
        String other = work.resolve("other").toString();
        assertThat(net.ended(
                        1,
                        (Netns.LAUNCHER
                                        + " agent --node-name b --node-ip 172.31.7.1 --subnet 10.42.9.0/24 --gossip-port"
                                        + " 5124 --http off --tunnel tunl1 --run-dir " + other + " --state-dir "
                                        + other)
                                .split(" ", -1)))
                .isEqualTo("69: " + refused);
        assertThat(net.ended(1, Netns.LAUNCHER, "cleanup")).isEqualTo("69: onlink: " + refused);
        assertThat(net.onlink(1, "status")).contains("tunnel  up").contains("view    complete");
    }

    @Test
    void oneRunDirectoryForTwoNamespacesIsRefused() throws Exception {
        net.agent(1);
        net.awaitLog(1, "first full view");
        String namespace = net.ns(1) + "b";
        Netns.run("ip", "netns", "add", namespace);
        try {
            Netns.run("ip", "-n", namespace, "link", "set", "lo", "up");
            Netns.run("ip", "-n", namespace, "addr", "add", "172.31.7.1/24", "dev", "lo");
            String[] inside =
                    ("ip netns exec " + namespace + " " + String.join(" ", net.agentCommand(1, GOOD))).split(" ", -1);
            assertThat(Netns.ended(inside))
                    .startsWith("69: ")
                    .endsWith("another agent runs with this run-dir: it answers on " + net.dir(1)
                            + "/onlink.sock; stop it, or choose another run-dir\n");
        } finally {
            Netns.run("ip", "netns", "del", namespace);
        }
    }

    @Test
    void seedsThatResolveToNothingOrToOurselvesStopNothingAndAreSaidOnce() throws Exception {
        net.agentAs(1, "172.31.7.1", "10.42.1.0/24", "--seed", "no.invalid,localhost", "--log-level", "debug");
        net.awaitLog(1, "seed no.invalid:5114 resolves to no IPv4 address; asked again until it does");
        net.awaitLog(1, "seed no.invalid:5114: no.invalid");
        await().atMost(Netns.SOON).until(() -> net.logged(1, "DEBUG seed no.invalid:5114: ") >= 2);
        assertThat(net.logged(1, "resolves to no IPv4 address")).isOne();
        assertThat(net.onlink(1, "status")).contains("tunnel  up").contains("waiting for a seed");
    }
}
