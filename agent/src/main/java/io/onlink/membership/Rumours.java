package io.onlink.membership;

import io.atomix.cluster.messaging.ManagedUnicastService;
import io.atomix.cluster.messaging.UnicastService;
import io.atomix.utils.net.Address;
import io.onlink.seal.Refusal;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;

/** Messages nobody answers, as Atomix asks for them, over our transport. No call of it blocks or throws. */
final class Rumours implements ManagedUnicastService {
    private final Transport transport;
    private final Endpoint self;
    private final Map<String, Ear> ears = new ConcurrentHashMap<>();

    /** Whoever listens to a subject, and on which thread. */
    private record Ear(BiConsumer<Address, byte[]> listener, Executor executor) {}

    Rumours(Transport transport, Endpoint self) {
        this.transport = transport;
        this.self = self;
    }

    @Override
    public void unicast(Address to, String subject, byte[] message) {
        Endpoint peer = Endpoint.of(to);
        Subject known = Subject.ofText(subject);
        if (peer != null && known != null && !self.equals(peer)) {
            transport.send(peer, Frame.oneWay(known, message), lost -> {});
        }
    }

    /** Has this node's own listener hear the message; done when it has, or has refused it. */
    CompletableFuture<Void> hear(Subject subject, byte[] message) {
        Ear ear = ears.get(subject.text);
        if (ear == null) {
            return CompletableFuture.completedFuture(null);
        }
        try {
            return CompletableFuture.runAsync(() -> ear.listener.accept(self.address(), message), ear.executor)
                    .whenComplete((heard, error) -> {
                        if (error != null) {
                            transport.traffic.refused(Refusal.CONTENT);
                        }
                    });
        } catch (RejectedExecutionException closing) {
            return CompletableFuture.failedFuture(closing);
        }
    }

    @Override
    public void addListener(String subject, BiConsumer<Address, byte[]> listener, Executor executor) {
        ears.put(subject, new Ear(listener, executor));
    }

    @Override
    public void removeListener(String subject, BiConsumer<Address, byte[]> listener) {
        ears.remove(subject);
    }

    @Override
    public CompletableFuture<UnicastService> start() {
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
