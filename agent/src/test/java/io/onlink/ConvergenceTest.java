package io.onlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.inet.Ipv4Prefix;
import io.onlink.peer.Claims;
import io.onlink.peer.Gossip;
import io.onlink.peer.NodeName;
import io.onlink.peer.Verdict;
import io.onlink.route.Change;
import io.onlink.route.Failure;
import io.onlink.route.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** From the news to the kernel's echo; times in nanoseconds of the agent's clock, which starts at 0. */
class ConvergenceTest {
    private static final String B_AND_C = "b 172.16.165.244 10.42.2.0/24\nc 172.16.168.113 10.42.3.0/24";
    private static final Ipv4Prefix OF_B = Ipv4Prefix.parse("10.42.2.0/24");
    private static final Ipv4Prefix OF_C = Ipv4Prefix.parse("10.42.3.0/24");
    private static final long SECOND = 1_000_000_000;

    private final DrivenAgent driven = new DrivenAgent(0);
    private final List<String> seen = new ArrayList<>();
    private final Convergence convergence = new Convergence((kind, nanos) -> seen.add(kind + " " + nanos));

    private boolean bridgeRefused;

    private void step(double seconds) throws InterruptedException {
        int before = driven.turns.size();
        driven.step(seconds);
        driven.turns.subList(before, driven.turns.size()).stream()
                .map(turn -> bridgeRefused ? withoutBridge(turn) : turn)
                .forEach(convergence::turn);
    }

    private static Turn withoutBridge(Turn turn) {
        Outcome outcome = Objects.requireNonNull(turn.outcome());
        Failure refused = new Failure(new Change.SetUp("br0"), "EBUSY", "refused");
        return new Turn(
                turn.trigger(),
                turn.nanos(),
                new Outcome(
                        outcome.view(),
                        outcome.dump(),
                        outcome.desired(),
                        outcome.applied(),
                        List.of(refused),
                        false,
                        outcome.tunnelUp()),
                turn.status(),
                turn.members(),
                turn.overrun(),
                turn.repairs(),
                turn.news());
    }

    private void peersAreThere() throws InterruptedException {
        step(0);
        driven.mailbox.gossip(Claims.alive(B_AND_C), 0, 0);
        step(1);
        convergence.echoed(OF_B, true, SECOND);
        convergence.echoed(OF_C, true, SECOND);
        seen.clear();
    }

    @Test
    void aJoinCountsFromTheNewsToTheEcho() throws InterruptedException {
        step(0);
        driven.mailbox.gossip(Claims.alive(B_AND_C), SECOND, SECOND + 5);
        step(1.2);
        convergence.echoed(OF_B, true, SECOND + 7);
        assertThat(seen).containsExactly("join 7");
        convergence.echoed(OF_B, true, SECOND + 9);
        assertThat(seen).hasSize(1);
    }

    @Test
    void theEchoMayComeBeforeThePassIsOver() throws InterruptedException {
        step(0);
        driven.mailbox.gossip(Claims.alive(B_AND_C), SECOND, SECOND);
        convergence.echoed(OF_B, true, SECOND + 3);
        step(1.2);
        assertThat(seen).containsExactly("join 3");
    }

    @Test
    void aLeaveCountsFromItsAnnouncement() throws InterruptedException {
        peersAreThere();
        driven.mailbox.gossip(
                new Gossip(
                        Claims.of("c 172.16.168.113 10.42.3.0/24"),
                        Set.of(Claims.one("b 172.16.165.244 10.42.2.0/24").boot()),
                        List.of(),
                        true),
                2 * SECOND,
                2 * SECOND);
        step(1);
        convergence.echoed(OF_B, false, 2 * SECOND + 4);
        assertThat(seen).containsExactly("leave 4");
    }

    @Test
    void aDeathCountsFromWhenGossipLostTheMemberNotFromItsHostsSilence() throws InterruptedException {
        peersAreThere();
        driven.mailbox.gossip(Claims.alive("c 172.16.168.113 10.42.3.0/24"), 2 * SECOND, 2 * SECOND);
        step(1);
        driven.mailbox.answered(
                new NodeName("c"), Claims.one("c 172.16.168.113 10.42.3.0/24").boot(), Verdict.ANSWERED);
        driven.mailbox.answered(
                new NodeName("b"), Claims.one("b 172.16.165.244 10.42.2.0/24").boot(), Verdict.SILENT);
        step(1);
        convergence.echoed(OF_B, false, 4 * SECOND);
        assertThat(seen).containsExactly("leave " + 2 * SECOND);
    }

    @Test
    void driftIsNoNewsOfTheMesh() throws InterruptedException {
        peersAreThere();
        driven.kernel.hand("ip route del 10.42.2.0/24");
        driven.mailbox.kernelChanged();
        step(1);
        convergence.echoed(OF_B, true, 3 * SECOND);
        assertThat(seen).isEmpty();
    }

    @Test
    void whatIsLostInAnOverrunIsNotWaitedFor() throws InterruptedException {
        step(0);
        driven.mailbox.gossip(Claims.alive(B_AND_C), SECOND, SECOND);
        step(1.2);
        convergence.overrun();
        convergence.echoed(OF_B, true, 90 * SECOND);
        assertThat(seen).isEmpty();
    }

    @Test
    void aRouteThatIsRefusedForHoursDelaysNoFigureButItsOwn() throws InterruptedException {
        step(0);
        driven.kernel.refuse("10.42.2.0/24");
        driven.mailbox.gossip(Claims.alive("b 172.16.165.244 10.42.2.0/24"), SECOND, SECOND);
        step(1);
        step(10_000);
        driven.mailbox.gossip(Claims.alive(B_AND_C), 10_001 * SECOND, 10_001 * SECOND);
        step(1);
        convergence.echoed(OF_C, true, 10_001 * SECOND + 50);
        assertThat(seen).containsExactly("join 50");
        driven.kernel.refuseNone();
        step(1);
        convergence.echoed(OF_B, true, 10_003 * SECOND);
        assertThat(seen).containsExactly("join 50", "join " + 10_002 * SECOND);
    }

    @Test
    void aRefusalThatNoNewsLedToIsNotMeasuredFromOtherNews() throws InterruptedException {
        peersAreThere();
        driven.kernel.refuse("10.42.2.0/24");
        driven.kernel.hand("ip route del 10.42.2.0/24");
        step(1);
        driven.kernel.refuseNone();
        driven.mailbox.gossip(Claims.alive(B_AND_C + "\nd 172.16.168.114 10.42.4.0/24"), 2 * SECOND, 2 * SECOND);
        step(1);
        convergence.echoed(OF_B, true, 4 * SECOND);
        convergence.echoed(Ipv4Prefix.parse("10.42.4.0/24"), true, 4 * SECOND);
        assertThat(seen).containsExactly("join " + 2 * SECOND);
    }

    @Test
    void aLinkChangeThatIsRefusedForHoursDelaysNoFigure() throws InterruptedException {
        bridgeRefused = true;
        driven.mailbox.gossip(Claims.alive("b 172.16.165.244 10.42.2.0/24"), 0, 0);
        step(0);
        convergence.echoed(OF_B, true, 3);
        driven.mailbox.gossip(Claims.alive(B_AND_C), 5_000 * SECOND, 5_000 * SECOND);
        step(5_000);
        convergence.echoed(OF_C, true, 5_000 * SECOND + 50);
        assertThat(seen).containsExactly("join 3", "join 50");
    }

    @Test
    void whatAKernelThatCannotBeReadDelaysCountsFromItsNews() throws InterruptedException {
        step(0);
        driven.kernel.breakDumps(1);
        driven.mailbox.gossip(Claims.alive(B_AND_C), SECOND, SECOND);
        step(1);
        step(1);
        convergence.echoed(OF_B, true, 3 * SECOND);
        assertThat(seen).containsExactly("join " + 2 * SECOND);
    }
}
