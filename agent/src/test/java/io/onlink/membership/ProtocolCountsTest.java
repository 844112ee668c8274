package io.onlink.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProtocolCountsTest {
    @Test
    void messagesAreCountedByDirectionAndKindWithTheirBytes() throws MembershipException {
        int port = Node.freePort();
        try (Node first = Node.started(Node.claim(1, 11, 1, port));
                Node second = Node.started(Node.claim(2, 12, 1, port), Node.seed(1, port))) {
            await().atMost(10, TimeUnit.SECONDS)
                    .until(() -> first.membership.protocolCounts().messages().get("receive/ping") > 0
                            && second.membership.protocolCounts().knocks().get("ok") == 1);
            Map<String, Long> messages = second.membership.protocolCounts().messages();
            assertThat(messages).containsEntry("receive/nack", 0L).hasSize(14);
            assertThat(messages.get("transmit/digest")).isPositive();
            assertThat(second.membership.protocolCounts().bytes().get("digest"))
                    .isGreaterThan(messages.get("transmit/digest"));
        }
    }
}
