package io.onlink.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Real agents as processes, one to a namespace, judged by the kernels' own tables. */
@ParameterizedClass(name = "nexthops {0}")
@ValueSource(strings = {"never", "auto"})
class MeshIT extends OnHosts {
    @Parameter
    private String nexthops;

    MeshIT() {
        super(3);
    }

    @BeforeEach
    void setNexthops() {
        net.nexthops(nexthops);
    }

    @Test
    void threeAgentsRouteToEachOtherRepairDriftAndForgetALeaver() throws Exception {
        Process[] agents = net.mesh(1, 2, 3);
        assertThat(net.ip(1, "-br -4 addr show dev tunl0")).contains("10.42.1.0/32");
        assertThat(net.onlink(1, "status")).contains("routes  2 of 2").contains("peer    h2 172.31.7.2");

        net.ip(1, "route del 10.42.2.0/24");
        net.awaitRoutes(1, net.routesTo(2, 3));
        net.ip(1, "link set tunl0 down");
        net.awaitRoutes(1, net.routesTo(2, 3));
        net.ip(1, "addr flush dev tunl0");
        net.awaitRoutes(1, net.routesTo(2, 3));

        net.onlink(3, "leave");
        assertThat(agents[2].waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(agents[2].exitValue()).isZero();
        assertThat(net.routes(3)).isEmpty();
        net.awaitRoutes(1, net.routesTo(2));
        net.awaitRoutes(2, net.routesTo(1));
    }

    @Test
    void aKilledAgentLeavesItsHostAsItIsAndARestartCostsNoPeerARoute() throws Exception {
        Process[] agents = net.mesh(1, 2, 3);
        String before = net.ip(3, "route show");
        Process monitor = new ProcessBuilder("ip", "netns", "exec", net.ns(1), "ip", "monitor", "route")
                .redirectOutput(work.resolve("monitor").toFile())
                .start();
        try {
            agents[2].destroyForcibly().waitFor();
            assertThat(net.ip(3, "route show")).isEqualTo(before);
            net.agent(3);
            await().atMost(Netns.SOON)
                    .untilAsserted(() -> assertThat(net.onlink(3, "status"))
                            .contains("view    complete")
                            .contains("routes  2 of 2"));
            assertThat(net.ip(3, "route show")).isEqualTo(before);
            // A route made and taken by hand on host 1 marks the end of what the monitor has to show.
            net.ip(1, "route add 192.0.2.0/24 dev eth0");
            net.ip(1, "route del 192.0.2.0/24 dev eth0");
            await().atMost(Netns.SOON)
                    .untilAsserted(() -> assertThat(monitorText()).contains("Deleted 192.0.2.0/24"));
            assertThat(monitorText()).doesNotContain("Deleted 10.42.");
        } finally {
            monitor.destroyForcibly().waitFor();
        }
    }

    private String monitorText() throws IOException {
        return java.nio.file.Files.readString(work.resolve("monitor"), StandardCharsets.UTF_8);
    }

    @Test
    void sigtermLeavesEveryRouteInPlaceAndOnStopLeaveWithdrawsAtThePeers() throws Exception {
        Process stays = net.agent(1);
        Process leaves = net.agent(2, "--on-stop", "leave");
        net.agent(3);
        net.awaitMesh(1, 2, 3);

        leaves.destroy();
        assertThat(leaves.waitFor(20, TimeUnit.SECONDS)).isTrue();
        net.awaitRoutes(1, net.routesTo(3));
        net.awaitRoutes(3, net.routesTo(1));
        assertThat(net.routes(2)).isEqualTo(net.routesTo(1, 3));

        stays.destroy();
        assertThat(stays.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(net.routes(1)).isEqualTo(net.routesTo(3));
        assertThat(net.routes(3)).isEqualTo(net.routesTo(1));
    }
}
