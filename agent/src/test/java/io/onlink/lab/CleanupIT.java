package io.onlink.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What {@code onlink leave} and {@code onlink cleanup} take away, and what they leave to its owners. */
class CleanupIT extends OnHosts {
    CleanupIT() {
        super(2);
    }

    /** The addresses of a link, one a line. */
    private String addresses(String link) {
        return net.ip(1, "-4 -o addr show dev " + link).replaceAll("(?m)^.* inet ([0-9./]+) .*$", "$1");
    }

    private String cleanup() throws Exception {
        return net.ended(1, Netns.LAUNCHER, "cleanup");
    }

    @Test
    void cleanupTakesWhatAKilledAgentLeftAndNothingElse() throws Exception {
        net.ip(1, "addr add 10.42.77.0/32 dev tunl0");
        net.ip(1, "route add 10.77.0.0/24 dev eth0 proto static");
        net.ip(1, "nexthop add id 5 dev eth0");
        String[] flags = {"--node-ip", "172.31.7.1", "--subnet", "10.42.1.0/24", "--bridge", "mybr0"};
        Process agent = net.start(1, net.agentCommand(1, flags));
        net.agent(2);
        net.awaitLog(1, "ip route add 10.42.2.0/24 nhid 114000001 via 172.31.7.2");
        agent.destroyForcibly().waitFor();
        assertThat(addresses("tunl0")).isEqualTo("10.42.77.0/32\n10.42.1.0/32\n");

        assertThat(cleanup())
                .isEqualTo("0: taken away: 2 routes and nexthop objects, 1 addresses of the tunnel, the packet"
                        + " guard\n");
        assertThat(net.ip(1, "route show proto 114")).isEmpty();
        assertThat(net.ip(1, "nexthop show proto 114")).isEmpty();
        assertThat(addresses("tunl0")).isEqualTo("10.42.77.0/32\n");
        assertThat(addresses("mybr0")).isEqualTo("10.42.1.1/24\n");
        assertThat(net.ip(1, "route show proto static")).contains("10.77.0.0/24 dev eth0");
        assertThat(net.ip(1, "nexthop show")).contains("id 5 dev eth0");
        assertThat(net.ip(1, "-br link show tunl0")).contains("UP");
        assertThat(cleanup()).isEqualTo("0: taken away: 0 routes and nexthop objects, 0 addresses of the tunnel\n");
    }

    /** All that a person would look at, and the switches. */
    private String everything() throws Exception {
        StringBuilder all = new StringBuilder();
        for (String what : List.of("-d addr", "-d link", "-d route show table all", "-d rule", "-d nexthop")) {
            all.append("ip ").append(what).append('\n').append(net.ip(1, what));
        }
        all.append(net.ended(1, "sh", "-c", "sysctl -a 2>/dev/null | grep ^net.ipv4.*forward.*= | sort"))
                .append(net.ended(1, "sh", "-c", "sysctl -a 2>/dev/null | grep ^net.ipv4.conf | sort"))
                .append(net.ended(1, "sh", "-c", "nft list ruleset; tc qdisc show; tc filter show dev eth0 ingress"));
        return all.toString().replaceAll("(valid|preferred)_lft [0-9a-z]+", "").replaceAll("(?m)[0-9.]+sec", "");
    }

    @Test
    void aHostIsByteForByteWhatItWasBeforeTheAgentCame() throws Exception {
        // IPv6 gives every link that comes up an address by itself, in its own time.
        net.ended(1, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1");
        net.ended(1, "sysctl", "-qw", "net.ipv4.ip_forward=0");
        net.ended(1, "sysctl", "-qw", "net.ipv4.conf.all.accept_redirects=0");
        net.ended(1, "sysctl", "-qw", "net.ipv4.conf.eth0.forwarding=1");
        net.ip(1, "addr add 10.77.0.1/24 dev eth0");
        net.ip(1, "route add 10.78.0.0/24 via 172.31.7.2");
        net.ip(1, "rule add from 10.77.0.0/24 table 77");
        // A link that was never up has no queueing discipline yet, and one that was keeps it.
        net.ip(1, "link set tunl0 up");
        net.ip(1, "link set tunl0 down");
        String before = everything();

        String[] flags = {"--node-ip", "172.31.7.1", "--subnet", "10.42.1.0/24", "--bridge", "mybr0"};
        Process agent = net.start(1, net.agentCommand(1, flags));
        net.agent(2);
        net.awaitLog(1, "ip route add 10.42.2.0/24");
        agent.destroyForcibly().waitFor();
        // A second run finds the host as the first has left it, and must not take that for what it was.
        Process again = net.start(1, net.agentCommand(1, flags));
        await().atMost(Netns.SOON).until(() -> net.logged(1, "first full view") == 2);
        again.destroyForcibly().waitFor();
        assertThat(everything()).isNotEqualTo(before);

        assertThat(net.ended(
                        1, Netns.LAUNCHER, "cleanup", "--state-dir", net.dir(1).toString()))
                .isEqualTo("""
                        0: taken away: 2 routes and nexthop objects, 1 addresses of the tunnel, the packet guard
                        put back: ip link set tunl0 mtu 1500
                        put back: ip link set tunl0 down
                        put back: ip link del mybr0
                        put back: sysctl -w net.ipv4.ip_forward=0
                        put back: sysctl -w net.ipv4.conf.all.accept_redirects=0
                        put back: sysctl -w net.ipv4.conf.eth0.forwarding=1
                        """);
        assertThat(everything()).isEqualTo(before);
        assertThat(net.dir(1).resolve("before")).doesNotExist();
    }

    @Test
    void aBridgeInUseAndATunnelWithAnAddressOfSomebodyElseStay() throws Exception {
        net.ip(1, "addr add 10.42.77.0/32 dev tunl0");
        String[] flags = {"--node-ip", "172.31.7.1", "--subnet", "10.42.1.0/24", "--bridge", "mybr0"};
        Process agent = net.start(1, net.agentCommand(1, flags));
        net.awaitLog(1, "advertises [10.42.1.0/24]");
        agent.destroyForcibly().waitFor();
        net.ip(1, "link add w0 type veth peer name w1");
        net.ip(1, "link set w0 master mybr0");
        assertThat(net.ended(
                        1, Netns.LAUNCHER, "cleanup", "--state-dir", net.dir(1).toString()))
                .contains("left: mybr0, for links are ports of it\n")
                .contains("left: tunl0 up, for it has the address 10.42.77.0/32\n");
        assertThat(net.ip(1, "-br link show tunl0")).contains("UP");
        assertThat(addresses("mybr0")).isEqualTo("10.42.1.1/24\n");
    }

    @Test
    void aSwitchThatCannotBePutBackNowCanBeLater() throws Exception {
        net.ended(1, "sysctl", "-qw", "net.ipv4.ip_forward=0");
        Process agent = net.agent(1);
        net.awaitLog(1, "advertises [10.42.1.0/24]");
        agent.destroyForcibly().waitFor();
        String cleanup = Netns.LAUNCHER + " cleanup --state-dir " + net.dir(1);
        String fixed = "mount --bind /proc/sys /proc/sys; mount -o remount,bind,ro /proc/sys; exec " + cleanup;
        assertThat(net.ended(1, "unshare", "-m", "sh", "-c", fixed))
                .startsWith("69: ")
                .contains("left: sysctl -w net.ipv4.ip_forward=0 (");
        assertThat(net.ended(1, "sysctl", "-n", "net.ipv4.ip_forward")).isEqualTo("0: 1\n");
        assertThat(net.ended(1, cleanup.split(" ", -1)))
                .startsWith("0: ")
                .contains("put back: sysctl -w net.ipv4.ip_forward=0\n");
        assertThat(net.ended(1, "sysctl", "-n", "net.ipv4.ip_forward")).isEqualTo("0: 0\n");
    }

    @Test
    void cleanupWithoutTheCapabilitySaysSo() throws Exception {
        Process agent = net.agent(1);
        net.awaitLog(1, "advertises [10.42.1.0/24]");
        agent.destroyForcibly().waitFor();
        String limited = "setpriv --bounding-set -net_admin --inh-caps -net_admin " + Netns.LAUNCHER + " cleanup";
        assertThat(net.ended(1, limited.split(" ", -1)))
                .startsWith("77: onlink: ip address del 10.42.1.0/32 dev tunl0: EPERM, the agent lacks CAP_NET_ADMIN;");
    }

    @Test
    void leaveTakesTheTunnelsAddressOnlyIfAnAgentPutItThere() throws Exception {
        Process agent = net.agent(1);
        net.awaitLog(1, "advertises [10.42.1.0/24]");
        net.onlink(1, "leave");
        assertThat(agent.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(addresses("tunl0")).isEmpty();

        net.ip(1, "addr add 10.42.1.0/32 dev tunl0");
        Process again = net.start(
                1, net.agentCommand(1, "--node-ip", "172.31.7.1", "--subnet", "10.42.1.0/24", "--bridge", "mybr0"));
        net.awaitLog(1, "ip link set mybr0 up");
        net.awaitLog(1, "advertises [10.42.1.0/24]");
        net.onlink(1, "leave");
        assertThat(again.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(addresses("tunl0")).isEqualTo("10.42.1.0/32\n");
    }
}
