package io.onlink.membership;

import io.atomix.cluster.Node;
import io.atomix.cluster.discovery.ManagedNodeDiscoveryService;
import io.atomix.cluster.discovery.NodeDiscoveryEvent;
import io.atomix.cluster.discovery.NodeDiscoveryEventListener;
import io.atomix.cluster.discovery.NodeDiscoveryService;
import io.atomix.utils.event.AbstractListenerManager;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** The seeds as nodes that Atomix may discover. */
final class Discovery extends AbstractListenerManager<NodeDiscoveryEvent, NodeDiscoveryEventListener>
        implements ManagedNodeDiscoveryService {
    private final Seeds seeds;

    Discovery(Seeds seeds) {
        this.seeds = seeds;
    }

    @Override
    public Set<Node> getNodes() {
        return seeds.endpoints().stream().map(Discovery::node).collect(Collectors.toSet());
    }

    private static Node node(Endpoint seed) {
        return Node.builder()
                .withId(seed.ip() + ":" + seed.port())
                .withAddress(seed.address())
                .build();
    }

    /** The seeds' names have got other addresses. */
    void changed() {
        getNodes().forEach(node -> post(new NodeDiscoveryEvent(NodeDiscoveryEvent.Type.JOIN, node)));
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
