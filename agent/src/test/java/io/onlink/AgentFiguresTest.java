package io.onlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.history.Culprits;
import io.onlink.history.Entry;
import io.onlink.history.History;
import io.onlink.metrics.AgentMetrics;
import io.onlink.peer.Claims;
import io.onlink.route.LinkCounters;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What a scrape and the history show of a driven agent whose passes cannot do all they should. */
@ParameterizedClass(name = "nexthop objects: {0}")
@ValueSource(booleans = {false, true})
class AgentFiguresTest {
    private static final String B_AND_C = "b 172.16.165.244 10.42.2.0/24\nc 172.16.168.113 10.42.3.0/24";

    private final DrivenAgent driven;
    private Instant wall = Instant.EPOCH;
    private final AgentMetrics metrics =
            new AgentMetrics("0", "0", () -> LinkCounters.ZERO, (InstantSource) () -> wall);
    private final TurnMetrics counted = new TurnMetrics(metrics, "tunl0");
    private final History history = new History(InstantSource.system());
    private final TurnHistory told = new TurnHistory(history, new Culprits());

    AgentFiguresTest(boolean nexthopObjects) {
        driven = new DrivenAgent(0, nexthopObjects);
    }

    private void step(int seconds) throws InterruptedException {
        wall = wall.plusSeconds(seconds);
        int before = driven.turns.size();
        driven.step(seconds);
        for (Turn turn : driven.turns.subList(before, driven.turns.size())) {
            counted.count(turn);
            told.turn(turn, 0);
        }
    }

    private List<String> shown(String series) {
        return metrics.scrape("text/plain;version=0.0.4")
                .lines()
                .filter(line -> line.startsWith(series) && !line.endsWith(" 0.0"))
                .toList();
    }

    private List<String> repairs() {
        return history.entries().stream()
                .filter(entry -> entry.what() == Entry.What.REPAIRED)
                .map(entry -> entry.text().replaceAll(" nhid [0-9]+", ""))
                .toList();
    }

    private void peersButAForeignRouteInTheWayOfB() throws InterruptedException {
        driven.kernel.foreignRoute("10.42.2.0/24", "via 172.16.165.1 dev eth0 proto static");
        driven.mailbox.gossip(Claims.alive(B_AND_C));
        step(1);
    }

    @Test
    void aForeignRouteInTheWayOfOnePeerHidesNoDriftOfTheOthers() throws InterruptedException {
        peersButAForeignRouteInTheWayOfB();
        driven.kernel.deleteRoute("10.42.3.0/24");
        step(31);
        assertThat(shown("onlink_route_drift_repairs_total"))
                .containsExactly("onlink_route_drift_repairs_total{kind=\"missing\"} 1.0");
        assertThat(repairs())
                .containsExactly("ip route add 10.42.3.0/24 via 172.16.168.113: it was missing,"
                        + " by whom the kernel did not say");
    }

    @Test
    void aPassThatOnlyAForeignRouteStandsInTheWayOfIsAGoodOne() throws InterruptedException {
        peersButAForeignRouteInTheWayOfB();
        step(31);
        assertThat(shown("onlink_reconciles_total")).containsExactly("onlink_reconciles_total{result=\"ok\"} 2.0");
        assertThat(shown("onlink_reconcile_last_success"))
                .containsExactly("onlink_reconcile_last_success_timestamp_seconds 32.0");
        assertThat(shown("onlink_route_conflicts"))
                .containsExactly("onlink_route_conflicts{reason=\"foreign_proto\"} 1.0");
        assertThat(driven.status().ready()).isFalse();
        driven.kernel.refuse("10.42.3.0/24");
        driven.kernel.deleteRoute("10.42.3.0/24");
        step(1);
        assertThat(shown("onlink_reconciles_total{result=\"error\"}")).hasSize(1);
        assertThat(shown("onlink_reconcile_last_success"))
                .containsExactly("onlink_reconcile_last_success_timestamp_seconds 32.0");
    }

    @Test
    void theRouteThatFollowsAForeignOneIsNoDrift() throws InterruptedException {
        peersButAForeignRouteInTheWayOfB();
        driven.kernel.foreignRouteGone("10.42.2.0/24");
        step(31);
        assertThat(driven.status().ready()).isTrue();
        assertThat(shown("onlink_route_drift_repairs_total")).isEmpty();
        assertThat(repairs()).isEmpty();
        driven.kernel.deleteRoute("10.42.2.0/24");
        step(1);
        assertThat(repairs()).hasSize(1);
    }

    @Test
    void whileTheKernelCannotBeReadTheFiguresOfTunnelAndRoutesStand() throws InterruptedException {
        peersButAForeignRouteInTheWayOfB();
        List<String> before = kernelFigures();
        assertThat(before)
                .contains(
                        "onlink_tunnel_up 1.0",
                        "onlink_routes_desired 2.0",
                        "onlink_routes_installed 1.0",
                        "onlink_route_conflicts{reason=\"foreign_proto\"} 1.0",
                        "onlink_tunnel_mtu_bytes 1480.0");
        driven.kernel.breakDumps(2);
        driven.mailbox.gossip(Claims.alive(B_AND_C + "\nd 172.16.168.114 10.42.4.0/24"));
        step(1);
        assertThat(kernelFigures()).isEqualTo(before);
        assertThat(shown("onlink_members{state=\"alive\"}")).containsExactly("onlink_members{state=\"alive\"} 3.0");
        assertThat(shown("onlink_reconciles_total{result=\"error\"}")).hasSize(1);
        assertThat(driven.status().text())
                .contains("tunnel  up\n", "routes  1 of 2\n", "trouble the dump of routes was interrupted 5 times\n");
        step(1);
        assertThat(kernelFigures()).isEqualTo(before);
        step(1);
        assertThat(shown("onlink_routes_desired")).containsExactly("onlink_routes_desired 3.0");
    }

    @Test
    void aNodeThatHadEveryRouteIsNotReadyWhileItsKernelCannotBeRead() throws InterruptedException {
        driven.mailbox.gossip(Claims.alive(B_AND_C));
        step(1);
        assertThat(driven.status().ready()).isTrue();
        driven.kernel.breakDumps(1);
        step(1);
        assertThat(driven.status().ready()).isFalse();
        assertThat(shown("onlink_tunnel_up")).containsExactly("onlink_tunnel_up 1.0");
        step(1);
        assertThat(driven.status().ready()).isTrue();
    }

    private List<String> kernelFigures() {
        return metrics.scrape("text/plain;version=0.0.4")
                .lines()
                .filter(line -> line.matches("onlink_(tunnel_up|tunnel_mtu|route_conflicts|routes_).*"))
                .toList();
    }
}
