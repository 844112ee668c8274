package io.onlink.membership;

import io.atomix.cluster.Node;
import io.atomix.cluster.discovery.ManagedNodeDiscoveryService;
import io.atomix.cluster.discovery.NodeDiscoveryEvent;
import io.atomix.cluster.discovery.NodeDiscoveryEventListener;
import io.atomix.cluster.discovery.NodeDiscoveryService;
import io.atomix.utils.event.AbstractListenerManager;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Tells Atomix where to knock, one endpoint at a time and when we say.
 *
 * <p>Atomix takes a discovered node for a member of that node's id and, since the id is never a member's, probes it for
 * ever in place of real ones. So it is told of none, but for itself at the start: the request it then sends to itself
 * is how we come by its encoding of the local member.
 */
final class Discovery extends AbstractListenerManager<NodeDiscoveryEvent, NodeDiscoveryEventListener>
        implements ManagedNodeDiscoveryService {
    private final Messenger messenger;

    Discovery(Messenger messenger) {
        this.messenger = messenger;
    }

    /** Has the local member introduce itself to whoever is there: both then know one another. */
    void knock(Endpoint there) {
        Node node = Node.builder()
                .withId("knock~" + there.ip() + ":" + there.port())
                .withAddress(there.anyBoot().address())
                .build();
        post(new NodeDiscoveryEvent(NodeDiscoveryEvent.Type.JOIN, node));
    }

    @Override
    public Set<Node> getNodes() {
        return messenger.selfImage.isDone()
                ? Set.of()
                : Set.of(Node.builder()
                        .withId("image~self")
                        .withAddress(messenger.address())
                        .build());
    }

    @Override
    public CompletableFuture<NodeDiscoveryService> start() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public boolean isRunning() {
        return true;
    }

    @Override
    public CompletableFuture<Void> stop() {
        return CompletableFuture.completedFuture(null);
    }
}
