package io.onlink.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The packet guard that real agents keep in nf_tables. */
class GuardIT extends OnHosts {
    GuardIT() {
        super(2);
    }

    private String nft(String... words) throws Exception {
        String[] command = new String[words.length + 1];
        command[0] = "nft";
        System.arraycopy(words, 0, command, 1, words.length);
        String ended = net.ended(1, command);
        assertThat(ended).startsWith("0: ");
        return ended.substring(3);
    }

    private String pairs() throws Exception {
        return net.ended(1, "nft", "list", "set", "ip", "onlink", "pairs")
                .replaceAll("(?s).*elements = \\{ (.*?) \\}.*", "$1")
                .replaceAll(" counter packets [0-9]+ bytes [0-9]+", "");
    }

    @Test
    void whateverSomebodyElseDoesToTheGuardIsPutRightWithinTwoSeconds() throws Exception {
        net.agent(1);
        net.agent(2);
        net.awaitRoutes(1, net.routesTo(2));
        assertThat(net.log(1)).contains("the packet guard is kept by nftables");
        assertThat(pairs()).isEqualTo("172.31.7.2 . 10.42.2.0/24");
        String guard = table();
        for (String harm : List.of("flush ruleset", "flush chain ip onlink inner", "flush set ip onlink pairs")) {
            nft(harm.split(" ", -1));
            await(harm)
                    .atMost(Duration.ofSeconds(2))
                    .pollInterval(Duration.ofMillis(20))
                    .untilAsserted(() -> assertThat(table()).isEqualTo(guard));
        }
        assertThat(net.metrics(1))
                .contains("onlink_guard_active{backend=\"nftables\"} 1.0")
                .contains("onlink_guard_active{backend=\"tc\"} 0.0")
                .contains("onlink_guard_repairs_total 3.0")
                .contains("onlink_guard_dropped_packets_total{reason=\"stranger\"} 0.0")
                .contains("onlink_peer_receive_packets_total{peer=\"h2\"} 0.0")
                .contains("onlink_peer_series_limited 0.0");
        assertThat(net.onlink(1, "status")).contains("guard   nftables\n");
        assertThat(net.logged(1, "somebody else has changed the packet guard")).isEqualTo(3);
    }

    /** The guard's table without what it has counted. */
    private String table() throws Exception {
        return net.ended(1, "nft", "list", "table", "ip", "onlink")
                .replaceAll("packets [0-9]+ bytes [0-9]+", "packets N bytes N");
    }

    @Test
    void theGuardOutlivesTheAgentAndCleanupLeavesTheRulesetByteForByteAsItWas() throws Exception {
        nft("add", "table", "ip", "firewall");
        nft("add", "chain", "ip", "firewall", "c", "{ type filter hook input priority 0; }");
        String before = nft("list", "ruleset");
        Process agent = net.agent(1);
        net.agent(2);
        net.awaitRoutes(1, net.routesTo(2));
        String kept = table();
        agent.destroyForcibly().waitFor();
        assertThat(table()).isEqualTo(kept);
        assertThat(net.ended(1, Netns.LAUNCHER, "cleanup")).endsWith(", the packet guard\n");
        assertThat(nft("list", "ruleset")).isEqualTo(before);
    }

    @Test
    void whoLeavesLetsNobodyInAndAnAgentWithoutAGuardTakesItAway() throws Exception {
        Process agent = net.agent(1);
        Process other = net.agent(2);
        net.awaitRoutes(1, net.routesTo(2));
        net.onlink(2, "leave");
        assertThat(other.waitFor(20, TimeUnit.SECONDS)).isTrue();
        await().atMost(Netns.SOON).untilAsserted(() -> assertThat(table()).doesNotContain("172.31.7.2"));
        agent.destroyForcibly().waitFor();
        net.agent(1, "--guard", "off");
        net.awaitLog(1, "the packet guard is off");
        await().atMost(Netns.SOON)
                .untilAsserted(() -> assertThat(nft("list", "ruleset")).isEmpty());
        net.awaitLog(1, "advertises [10.42.1.0/24]");
        assertThat(net.onlink(1, "status")).contains("guard   off\n");
    }
}
