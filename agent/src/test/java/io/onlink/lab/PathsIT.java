package io.onlink.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What real agents say of the paths between them, whose tunnels are cables of one bridge with an address for each peer. */
class PathsIT extends OnHosts {
    private static final Duration WITHIN = Duration.ofSeconds(15);

    PathsIT() {
        super(3);
    }

    private void awaitVerdict(int host, int peer, String verdict, Duration time) {
        await().atMost(time)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(net.onlink(host, "paths"))
                        .containsPattern("(?m)^h" + peer + " 10\\.42\\." + peer + "\\.0 .*: " + verdict + "$"));
    }

    private void drop(String rule) {
        nft("add rule ip fault in iifname tunl0 " + rule + " drop");
    }

    @Test
    void whatIsDroppedIsSaidWithinFifteenSecondsAndTheRouteGetsTheMtuThatPasses() throws Exception {
        net.joinTunnels();
        net.agent(1, "--mtu", "1480");
        net.agent(2, "--mtu", "1480", "--nexthops", "auto");
        net.agent(3, "--mtu", "1480", "--nexthops", "auto");
        for (int host = 1; host <= 3; host++) {
            for (int peer = 1; peer <= 3; peer++) {
                if (host != peer) {
                    awaitVerdict(host, peer, "ok", Netns.SOON);
                }
            }
        }
        nft("add table ip fault");
        nft("add chain ip fault in { type filter hook input priority 0; }");
        drop("ip saddr 10.42.1.0");
        drop("ip saddr 10.42.3.0 meta length > 1280");

        awaitVerdict(1, 2, "one way only: its probes arrive here, ours do not reach it", WITHIN);
        awaitVerdict(2, 1, "one way only: ours reach it, nothing of its arrives here", WITHIN);
        awaitVerdict(3, 2, "black hole above 1280 bytes", WITHIN);
        assertThat(net.onlink(3, "status")).contains("black hole above 1280 bytes");
        awaitVerdict(1, 3, "ok", WITHIN);
        net.awaitRoutes(3, narrow());

        net.ip(3, "route change 10.42.2.0/24 via 172.31.7.2 dev tunl0 onlink proto 114");
        net.awaitRoutes(3, narrow());
        assertThat(net.metrics(3))
                .contains("onlink_peer_verdict{peer=\"h2\",verdict=\"black_hole\"} 1")
                .contains("onlink_peer_path_mtu_bytes{peer=\"h2\"} 1280");

        nft("delete table ip fault");
        awaitVerdict(1, 2, "ok", WITHIN);
        awaitVerdict(2, 1, "ok", WITHIN);
    }

    /** What ipip would carry; here the tunnel is a cable, and the outer packet is sent besides to meet the guard. */
    @Test
    void aPeerWhosePacketsComeFromAnotherAddressThanItsNodeIpIsNamedOnBothSides() throws Exception {
        net.joinTunnels();
        net.agent(1);
        net.agent(2);
        awaitVerdict(1, 2, "ok", Netns.SOON);
        awaitVerdict(2, 1, "ok", Netns.SOON);

        nft("add table ip fault");
        nft("add chain ip fault in { type filter hook input priority 0; }");
        drop("ip saddr 10.42.1.0");
        byte[] inner = Packets.udp("10.42.1.0", "10.42.2.0", "whatever");
        Wire.send(net.ns(1), "172.31.7.2", List.of(Packets.in("172.31.7.99", "172.31.7.2", inner)));
        awaitVerdict(
                2,
                1,
                "guard drops: its packets come from 172\\.31\\.7\\.99, not from its node IP 172\\.31\\.7\\.1",
                WITHIN);
        awaitVerdict(1, 2, "guard drops: its guard takes ours for a stranger's; ask there", WITHIN);
        assertThat(net.onlink(2, "status")).contains("guard drops: its packets come from 172.31.7.99");
        assertThat(net.metrics(2)).contains("onlink_peer_verdict{peer=\"h1\",verdict=\"guard_drops\"} 1");

        nft("delete table ip fault");
        awaitVerdict(1, 2, "ok", WITHIN);
        awaitVerdict(2, 1, "ok", WITHIN);
    }

    private static String narrow() {
        return """
                10.42.1.0/24 via 172.31.7.1 dev tunl0 onlink
                10.42.2.0/24 via 172.31.7.2 dev tunl0 onlink mtu lock 1280 advmss 1240
                """;
    }

    private void nft(String command) {
        Netns.run("ip", "netns", "exec", net.ns(2), "nft", command);
    }
}
