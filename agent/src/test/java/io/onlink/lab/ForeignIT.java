package io.onlink.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What others claim and what others have put in the kernel: refused or left alone, counted, said; the rest goes on. */
@Tag("netns")
@Timeout(180)
class ForeignIT {
    @TempDir
    private Path work;

    private Netns net;

    private void hosts(int count) {
        net = new Netns(count, work);
    }

    @AfterEach
    void removeHosts() {
        net.close();
    }

    private void awaitMetric(int host, String line) {
        await().atMost(Netns.SOON)
                .pollInterval(200, TimeUnit.MILLISECONDS)
                .untilAsserted(() -> assertThat(net.metrics(host)).contains("\n" + line + "\n"));
    }

    @Test
    void rubbishThatPeersAdvertiseGetsNoRouteIsCountedAndSaid() throws Exception {
        hosts(5);
        net.agent(1);
        net.agent(2);
        net.awaitRoutes(1, net.routesTo(2));
        String[] lies = {
            "0.0.0.0/0",
            "10.42.1.128/25",
            "10.42.2.0/25",
            "10.42.3.0/24",
            "11.0.0.0/8",
            "172.16.0.0/12",
            "172.31.7.0/25"
        };
        net.start(3, Liar.command(net.key(), "172.31.7.3", "liar", "172.31.7.3", lies));
        net.start(4, Liar.command(net.key(), "172.31.7.4", "h1", "172.31.7.4", "10.42.4.0/24"));
        net.start(5, Liar.command(net.key(), "172.31.7.5", "thief", "172.31.7.1", "10.42.5.0/24"));

        net.awaitRoutes(1, net.routesTo(2, 3));
        net.awaitRoutes(2, net.routesTo(1, 3));
        String overlay = " is not inside [10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10]";
        net.awaitLog(1, "WARN  claim of liar refused: 0.0.0.0/0" + overlay + ", and 1 more (outside_overlay)");
        net.awaitLog(1, "WARN  claim of liar refused: 10.42.1.128/25 overlaps 10.42.1.0/24 of an older claim");
        net.awaitLog(1, "WARN  claim of liar refused: 10.42.2.0/25 overlaps 10.42.2.0/24 of an older claim");
        net.awaitLog(1, "WARN  claim of liar refused: 172.16.0.0/12 holds the node IP 172.31.7.1, and 1 more");
        net.awaitLog(1, "WARN  claim of h1 refused: node IP 172.31.7.4 uses the name of this node");
        net.awaitLog(1, "WARN  claim of thief refused: node IP 172.31.7.1 is that of an older claim (node_ip)");
        assertThat(net.onlink(1, "status"))
                .contains("refused h1: node IP 172.31.7.4 uses the name of this node")
                .contains("refused liar: 0.0.0.0/0" + overlay);
        awaitMetric(1, "onlink_claims_rejected{reason=\"outside_overlay\"} 2.0");
        awaitMetric(1, "onlink_claims_rejected{reason=\"own_subnet\"} 1.0");
        awaitMetric(1, "onlink_claims_rejected{reason=\"contested\"} 1.0");
        awaitMetric(1, "onlink_claims_rejected{reason=\"underlay\"} 2.0");
        awaitMetric(1, "onlink_claims_rejected{reason=\"own_name\"} 1.0");
        awaitMetric(1, "onlink_claims_rejected{reason=\"node_ip\"} 1.0");
        awaitMetric(1, "onlink_claims_rejected{reason=\"malformed\"} 0.0");
        awaitMetric(1, "onlink_claims_rejected{reason=\"too_many\"} 0.0");
        assertThat(net.logged(1, "claim of thief refused")).isOne();
    }

    @Test
    void aForeignRouteInTheWayIsLeftAloneAndOursComesWhenItGoes() throws Exception {
        hosts(3);
        net.ip(1, "route add 10.42.2.0/24 dev eth0 proto static");
        net.agent(1);
        net.agent(2);
        net.agent(3);
        net.awaitRoutes(1, net.routesTo(3));
        net.awaitLog(
                1,
                "WARN  ip route add 10.42.2.0/24 via 172.31.7.2: a foreign route is in the way and is left alone; remove"
                        + " it or change the subnet");
        awaitMetric(1, "onlink_route_conflicts{reason=\"foreign_proto\"} 1.0");
        awaitMetric(1, "onlink_routes_installed 1.0");
        awaitMetric(1, "onlink_routes_desired 2.0");
        assertThat(net.onlink(1, "status")).contains("routes  1 of 2").contains("trouble ip route add 10.42.2.0/24");
        assertThat(net.ip(1, "route show 10.42.2.0/24")).contains("dev eth0 proto static");

        // Retries have become rare by now, but the route's going is an event.
        await().atMost(Netns.SOON).until(() -> reconciles() > 6);
        net.ip(1, "route del 10.42.2.0/24 dev eth0");
        await().atMost(2, TimeUnit.SECONDS)
                .pollInterval(20, TimeUnit.MILLISECONDS)
                .untilAsserted(() -> assertThat(net.routes(1)).isEqualTo(net.routesTo(2, 3)));
        net.awaitLog(1, "over: ip route add 10.42.2.0/24 via 172.31.7.2");
        awaitMetric(1, "onlink_route_conflicts{reason=\"foreign_proto\"} 0.0");
        assertThat(net.logged(1, "WARN  ip route add 10.42.2.0/24")).isOne();
    }

    private double reconciles() {
        return net.metrics(1)
                .lines()
                .filter(line -> line.startsWith("onlink_reconciles_total{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
                .sum();
    }

    @Test
    void ourRouteReplacedByAForeignOneIsNotTakenBackUntilThatGoes() throws Exception {
        hosts(2);
        net.agent(1);
        net.agent(2);
        net.awaitRoutes(1, net.routesTo(2));
        net.ip(1, "route replace 10.42.2.0/24 dev eth0 proto static");
        net.awaitLog(1, "a foreign route is in the way and is left alone");
        assertThat(net.ip(1, "route show 10.42.2.0/24")).contains("dev eth0 proto static");
        net.ip(1, "route del 10.42.2.0/24");
        net.awaitRoutes(1, net.routesTo(2));
    }

    @Test
    void aHundredThousandForeignRoutesStayAndTheMeshWorks() throws Exception {
        hosts(2);
        StringBuilder batch = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            batch.append("route add 20.")
                    .append(i >> 16)
                    .append('.')
                    .append(i >> 8 & 255)
                    .append('.')
                    .append(i & 255)
                    .append(" dev eth0 proto static\n");
        }
        Path file = Files.writeString(work.resolve("batch"), batch);
        net.ip(1, "-batch " + file);
        int before = net.ip(1, "route show proto static").hashCode();
        Process first = net.agent(1);
        net.agent(2);
        net.awaitRoutes(1, net.routesTo(2));
        net.awaitRoutes(2, net.routesTo(1));
        net.ip(1, "route del 10.42.2.0/24");
        net.awaitRoutes(1, net.routesTo(2));
        net.ip(1, "route flush proto static");
        net.ip(1, "-batch " + file);
        net.ip(1, "route del 10.42.2.0/24");
        net.awaitRoutes(1, net.routesTo(2));
        net.onlink(1, "leave");
        assertThat(first.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(net.routes(1)).isEmpty();
        String after = net.ip(1, "route show proto static");
        assertThat(after.lines()).hasSize(100_000);
        assertThat(after.hashCode()).isEqualTo(before);
    }
}
