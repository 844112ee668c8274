package io.onlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.peer.Claims;
import io.onlink.route.FakeKernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** When the loop looks again after a kernel that refused something. */
@ParameterizedClass(name = "nexthop objects: {0}")
@ValueSource(booleans = {false, true})
class AgentRetryTest {
    private static final String B = "b 172.16.165.244 10.42.2.0/24";
    private static final String B_AND_C = B + "\nc 172.16.168.113 10.42.3.0/24";

    private final DrivenAgent driven;
    private final FakeKernel kernel;

    AgentRetryTest(boolean nexthopObjects) {
        driven = new DrivenAgent(0, nexthopObjects);
        kernel = driven.kernel;
        kernel.refuse("10.42.2.0/24");
    }

    @Test
    void aRefusedRouteIsTriedAgainWithinHalfASecond() throws InterruptedException {
        driven.mailbox.gossip(Claims.alive(B_AND_C));
        driven.step(0);
        assertThat(driven.status().ready()).isFalse();
        assertThat(driven.status().trouble())
                .matches("ip route add 10.42.2.0/24( nhid [0-9]+)? via 172.16.165.244: EINVAL, refused");
        assertThat(driven.idleSeconds()).isLessThanOrEqualTo(0.5);
        kernel.refuseNone();
        driven.step(0.5);
        assertThat(driven.status().ready()).isTrue();
    }

    @Test
    void aPeerThatJoinsDoesNotWaitForWhatHasBeenRefusedForLong() throws InterruptedException {
        driven.mailbox.gossip(Claims.alive(B));
        for (int i = 0; i < 10; i++) {
            driven.step(30);
        }
        assertThat(driven.idleSeconds()).isGreaterThan(20);
        driven.mailbox.gossip(Claims.alive(B_AND_C));
        kernel.breakDumps(1);
        driven.step(5);
        assertThat(kernel.toString()).isEmpty();
        assertThat(driven.idleSeconds()).isLessThanOrEqualTo(0.5);
        driven.step(driven.idleSeconds());
        assertThat(kernel.toString().replaceAll(" nhid [0-9]+", ""))
                .isEqualTo("10.42.3.0/24 via 172.16.168.113 dev tunl0 proto onlink onlink\n");
    }
}
