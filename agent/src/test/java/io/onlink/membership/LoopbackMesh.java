package io.onlink.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.peer.Advertisement;
import io.onlink.seal.Keyring;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** Members on loopback addresses of this process, closed after each test. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LoopbackMesh {
    final int port = Node.freePort();
    final List<Node> nodes = new ArrayList<>();

    @AfterEach
    void closeAll() {
        nodes.forEach(Node::close);
    }

    Node start(Advertisement self, String... seeds) throws MembershipException {
        Node node = Node.started(self, seeds);
        nodes.add(node);
        return node;
    }

    Node start(Keyring keyring, int n, String... seeds) throws MembershipException {
        Node node = new Node(Node.claim(n, n, 1, port), seeds);
        node.membership.keyring(keyring);
        node.membership.start();
        nodes.add(node);
        return node;
    }

    Node start(int n, String... seeds) throws MembershipException {
        return start(Node.claim(n, n, 1, port), seeds);
    }

    static ConditionFactory within(long millis) {
        return Awaitility.await().atMost(Duration.ofMillis(millis)).pollInterval(Duration.ofMillis(5));
    }

    void threeNodes() throws MembershipException {
        start(1, Node.seed(1, port));
        start(2, Node.seed(1, port));
        start(3, Node.seed(1, port));
        within(5000).untilAsserted(() -> {
            assertThat(nodes.get(0).names()).containsExactly("n2", "n3");
            assertThat(nodes.get(1).names()).containsExactly("n1", "n3");
            assertThat(nodes.get(2).names()).containsExactly("n1", "n2");
        });
    }
}
