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
import java.util.stream.Stream;

/** The seeds, and places of old, as nodes that Atomix may discover. */
final class Discovery extends AbstractListenerManager<NodeDiscoveryEvent, NodeDiscoveryEventListener>
        implements ManagedNodeDiscoveryService {
    private final Seeds seeds;
    private final OldAcquaintance old;

    Discovery(Seeds seeds, OldAcquaintance old) {
        this.seeds = seeds;
        this.old = old;
    }

    @Override
    public Set<Node> getNodes() {
        return Stream.concat(seeds.endpoints().stream(), old.places().stream())
                .distinct()
                .map(Discovery::node)
                .collect(Collectors.toSet());
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

    /** These are places to find members at no more. */
    void done(Set<Endpoint> places) {
        places.stream()
                .map(Discovery::node)
                .forEach(node -> post(new NodeDiscoveryEvent(NodeDiscoveryEvent.Type.LEAVE, node)));
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
