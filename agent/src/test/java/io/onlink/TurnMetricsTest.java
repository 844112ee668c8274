package io.onlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.metrics.AgentMetrics;
import io.onlink.peer.Advertisement;
import io.onlink.peer.Claims;
import io.onlink.peer.PeerView;
import io.onlink.peer.Rules;
import io.onlink.peer.Surroundings;
import io.onlink.route.Change;
import io.onlink.route.FakeKernel;
import io.onlink.route.KernelException;
import io.onlink.route.LinkCounters;
import io.onlink.route.Outcome;
import io.onlink.route.Reconciler;
import io.onlink.route.TunnelSettings;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Passes over a fake kernel, and what a scrape shows of them. */
class TurnMetricsTest {
    private static final String B_AND_C = "b 172.16.165.244 10.42.2.0/24\nc 172.16.168.113 10.42.3.0/24";

    private final FakeKernel kernel = new FakeKernel("172.16.165.33/24", true);
    private final AgentMetrics metrics = metrics();
    private final TurnMetrics counted = new TurnMetrics(metrics, "tunl0");
    private PeerView before = PeerView.EMPTY;

    private static AgentMetrics metrics() {
        return new AgentMetrics("0", "0", () -> LinkCounters.ZERO, InstantSource.system());
    }

    private void turn(String trigger, String claims) throws KernelException {
        TunnelSettings links =
                new TunnelSettings("tunl0", Ipv4Prefix.parse("10.42.1.0/24"), Ipv4.parse("172.16.165.33"), 0, "", true);
        PeerView view = PeerView.of(Claims.atA(), Claims.of(claims));
        Outcome outcome = new Reconciler(kernel, links, true).reconcile(dump -> view, dst -> true);
        counted.count(turn(trigger, view, outcome, view.equals(before)));
        before = view;
    }

    private static Turn turn(String trigger, PeerView view, @Nullable Outcome outcome, boolean unexplained) {
        int desired = outcome == null ? 0 : outcome.desired().routes().size();
        int installed = outcome == null ? 0 : outcome.installed();
        Status status = new Status(outcome != null, true, desired, installed, 0, view, 0, "", 0);
        List<Change> repairs = outcome != null && unexplained ? outcome.applied() : List.of();
        return new Turn(trigger, 1000, outcome, status, new Turn.Members(2, 0, 0, 0), false, repairs);
    }

    private List<String> shown(String series) {
        return metrics.scrape("text/plain;version=0.0.4")
                .lines()
                .filter(line -> line.startsWith(series) && !line.endsWith(" 0.0"))
                .map(line -> line.substring(series.length()))
                .sorted()
                .toList();
    }

    @Test
    void routesAndNexthopObjectsAreCountedAsOperations() throws KernelException {
        turn("event", B_AND_C);
        assertThat(shown("onlink_route_operations_total")).containsExactly("{op=\"add\",result=\"ok\"} 4.0");
        turn("event", "b 172.16.165.7 10.42.2.0/24");
        assertThat(shown("onlink_route_operations_total"))
                .containsExactly(
                        "{op=\"add\",result=\"ok\"} 4.0",
                        "{op=\"delete\",result=\"ok\"} 2.0",
                        "{op=\"replace\",result=\"ok\"} 1.0");
        assertThat(shown("onlink_route_drift_repairs_total")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"netlink", "timer"})
    void whatIsRepairedWithoutNewsOfTheMeshIsDrift(String trigger) throws KernelException {
        turn("event", B_AND_C);
        kernel.hand("ip route del 10.42.2.0/24");
        kernel.hand("ip route add 10.42.9.0/24 via 172.16.165.9 dev tunl0 onlink proto 114");
        kernel.hand("ip nexthop replace id 114000002 via 172.16.165.9 dev tunl0 onlink proto 114");
        turn(trigger, B_AND_C);
        assertThat(shown("onlink_route_drift_repairs_total"))
                .contains("{kind=\"extra\"} 1.0", "{kind=\"missing\"} 1.0");
        assertThat(kernel.toString()).doesNotContain("172.16.165.9");
    }

    @Test
    void aFlushedTunnelIsDriftOfItsRoutesAlone() throws KernelException {
        turn("event", B_AND_C);
        kernel.linkDown("tunl0");
        turn("netlink", B_AND_C);
        assertThat(shown("onlink_route_drift_repairs_total")).containsExactly("{kind=\"missing\"} 2.0");
    }

    /** A member's hold runs out in a turn that a timer caused. */
    @Test
    void aPeerThatGoesByATimerIsNoDrift() throws KernelException {
        turn("event", B_AND_C);
        turn("timer", "b 172.16.165.244 10.42.2.0/24");
        assertThat(shown("onlink_route_drift_repairs_total")).isEmpty();
        kernel.hand("ip route del 10.42.2.0/24");
        turn("timer", "b 172.16.165.244 10.42.2.0/24");
        assertThat(shown("onlink_route_drift_repairs_total")).containsExactly("{kind=\"missing\"} 1.0");
    }

    @Test
    void aForeignRouteIsAConflictWhileItIsThere() throws KernelException {
        kernel.foreignRoute("10.42.2.0/24", "via 172.16.165.1 dev eth0 proto static");
        turn("event", B_AND_C);
        assertThat(shown("onlink_route_conflicts")).containsExactly("{reason=\"foreign_proto\"} 1.0");
        assertThat(shown("onlink_routes_installed")).containsExactly(" 1.0");
        assertThat(shown("onlink_reconciles_total")).containsExactly("{result=\"ok\"} 1.0");
        kernel.foreignRouteGone("10.42.2.0/24");
        turn("timer", B_AND_C);
        assertThat(shown("onlink_route_conflicts")).isEmpty();
        assertThat(shown("onlink_routes_installed")).containsExactly(" 2.0");
    }

    @Test
    void aPeerWhoseRouteIsKeptOutIsShownByName() throws KernelException {
        kernel.foreignRoute("10.42.2.0/24", "via 172.16.165.1 dev eth0 proto static");
        turn("event", B_AND_C);
        assertThat(metrics.scrape("").lines().filter(line -> line.startsWith("onlink_peer_route")))
                .containsExactly(
                        "onlink_peer_route_installed{peer=\"b\"} 0.0", "onlink_peer_route_installed{peer=\"c\"} 1.0");
        turn("event", "c 172.16.168.113 10.42.3.0/24");
        assertThat(shown("onlink_peer_route_installed")).containsExactly("{peer=\"c\"} 1.0");
    }

    @Test
    void aKernelThatCannotBeReadIsAnErrorAndNoNews() throws KernelException {
        turn("event", B_AND_C);
        counted.count(turn("timer", PeerView.EMPTY, null, false));
        assertThat(shown("onlink_reconciles_total")).containsExactly("{result=\"error\"} 1.0", "{result=\"ok\"} 1.0");
        kernel.hand("ip route del 10.42.2.0/24");
        turn("netlink", B_AND_C);
        assertThat(shown("onlink_route_drift_repairs_total")).containsExactly("{kind=\"missing\"} 1.0");
    }

    @Test
    void refusedClaimsAreCountedByReason() throws KernelException {
        turn("event", "b 172.16.165.244 10.42.1.0/25\nc 127.0.0.1 10.42.3.0/24\nd 224.0.0.1 10.42.4.0/24");
        assertThat(shown("onlink_claims_rejected"))
                .containsExactly("{reason=\"node_ip\"} 2.0", "{reason=\"own_subnet\"} 1.0");
    }

    @Test
    void everyNodeOfAMeshAtRestShowsTheSameHash() {
        List<Advertisement> mesh = Claims.of("a 172.16.165.33 10.42.1.0/24\n" + B_AND_C);
        Set<Long> hashes = mesh.stream().map(self -> hashAt(self, mesh)).collect(Collectors.toSet());
        assertThat(hashes).hasSize(1);
        List<Advertisement> two = mesh.subList(0, 2);
        assertThat(hashes).doesNotContain(hashAt(two.get(0), two));
        assertThat(hashAt(two.get(0), two)).isEqualTo(hashAt(two.get(1), two));
    }

    private static long hashAt(Advertisement self, List<Advertisement> mesh) {
        List<Advertisement> others =
                mesh.stream().filter(claim -> !claim.equals(self)).toList();
        Surroundings here = new Surroundings(
                self, new Rules(List.of(Ipv4Prefix.parse("10.42.0.0/16")), 8, Optional.empty()), Set.of(), Set.of());
        return ViewHash.of(self, PeerView.of(here, others));
    }
}
