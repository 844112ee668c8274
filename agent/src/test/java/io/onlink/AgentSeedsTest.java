package io.onlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.inet.Ipv4;
import io.onlink.peer.Claims;
import io.onlink.peer.Rejection;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Seeds given by name: where a member is found by it is the underlay, which nobody may claim. */
class AgentSeedsTest {
    private final DrivenAgent driven = new DrivenAgent(0);

    @Test
    void aSubnetAroundASeedGivenByNameIsRefused() throws InterruptedException {
        driven.seeds = Set.of(Ipv4.parse("10.42.9.9"));
        driven.mailbox.gossip(Claims.alive("m 172.16.165.66 10.42.9.0/24 @1\nb 10.42.9.9 10.42.2.0/24 @2"));
        driven.step(0.1);
        assertThat(driven.kernel.toString()).isEmpty();
        assertThat(driven.status().view().rejections())
                .contains(new Rejection(
                        "m",
                        Rejection.Reason.UNDERLAY,
                        "10.42.9.0/24 holds 10.42.9.9, a gateway, a seed or this host"));
    }

    @Test
    void aRouteAroundASeedGoesOnceItsNameIsResolved() throws InterruptedException {
        driven.mailbox.gossip(Claims.alive("m 172.16.165.66 10.42.9.0/24 @1\nb 10.42.9.9 10.42.2.0/24 @2"));
        driven.step(0.1);
        assertThat(driven.kernel.toString()).startsWith("10.42.9.0/24 via 172.16.165.66");
        driven.seeds = Set.of(Ipv4.parse("10.42.9.9"));
        driven.step(30);
        assertThat(driven.kernel.toString()).isEmpty();
    }

    @Test
    void anAnswerOfDnsAloneTakesNoRouteAway() throws InterruptedException {
        driven.seeds = Set.of(Ipv4.parse("10.42.9.1"), Ipv4.parse("172.16.165.66"));
        driven.mailbox.gossip(Claims.alive("m 172.16.165.66 10.42.9.0/24"));
        driven.step(0.1);
        assertThat(driven.kernel.toString())
                .isEqualTo("10.42.9.0/24 via 172.16.165.66 dev tunl0 proto onlink onlink\n");
    }
}
