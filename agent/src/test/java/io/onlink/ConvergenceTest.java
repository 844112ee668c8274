package io.onlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.inet.Ipv4Prefix;
import io.onlink.peer.Claims;
import io.onlink.peer.Gossip;
import io.onlink.peer.NodeName;
import io.onlink.peer.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** From the news to the kernel's echo; times in nanoseconds of the agent's clock, which starts at 0. */
class ConvergenceTest {
    private static final String B_AND_C = "b 172.16.165.244 10.42.2.0/24\nc 172.16.168.113 10.42.3.0/24";
    private static final Ipv4Prefix OF_B = Ipv4Prefix.parse("10.42.2.0/24");
    private static final long SECOND = 1_000_000_000;

    private final DrivenAgent driven = new DrivenAgent(0);
    private final List<String> seen = new ArrayList<>();
    private final Convergence convergence = new Convergence((kind, nanos) -> seen.add(kind + " " + nanos));

    private void step(double seconds) throws InterruptedException {
        int before = driven.turns.size();
        driven.step(seconds);
        driven.turns.subList(before, driven.turns.size()).forEach(convergence::turn);
    }

    private void peersAreThere() throws InterruptedException {
        step(0);
        driven.mailbox.gossip(Claims.alive(B_AND_C), 0, 0);
        step(1);
        convergence.echoed(OF_B, true, SECOND);
        convergence.echoed(Ipv4Prefix.parse("10.42.3.0/24"), true, SECOND);
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
}
