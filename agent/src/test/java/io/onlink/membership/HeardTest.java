package io.onlink.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.onlink.seal.PacketRefusal;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What one agent tells another beside the tunnel: that its probes arrive. */
class HeardTest {
    @Test
    void aPeerIsToldByTheRunThatSaysItAndWhatIsMalformedIsThrownAway() throws MembershipException {
        int port = Node.freePort();
        try (Node first = Node.started(Node.claim(1, 11, 1, port));
                Node second = Node.started(Node.claim(2, 12, 1, port), Node.seed(1, port))) {
            await().atMost(10, TimeUnit.SECONDS).until(() -> second.names().contains("n1"));

            second.membership.heard(first.self);

            await().atMost(10, TimeUnit.SECONDS).until(() -> !first.heardBy.isEmpty());
            assertThat(first.heardBy).containsExactly(12L);
            assertThat(second.heardBy).isEmpty();

            Endpoint to = new Endpoint(first.self.nodeIp(), port, 11);
            second.membership.transport.send(to, Frame.oneWay(Subject.HEARD, new byte[1]), lost -> {});
            await().atMost(10, TimeUnit.SECONDS)
                    .untilAsserted(() ->
                            assertThat(first.membership.counters().refused()).containsEntry(PacketRefusal.CONTENT, 1L));
            assertThat(first.heardBy).hasSize(1);
        }
    }
}
