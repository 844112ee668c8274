package io.onlink.membership;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Host probes, begun as soon as a member is suspected, so that the answer is there when it is found dead. Of the event
 * loop alone.
 */
final class HostProbes {
    /** How long the silence of a host is remembered; an answer is not: it says nothing of the time after it. */
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(4);

    /** Most probes kept. */
    private static final int MAX = 1024;

    private record Begun(long at, CompletableFuture<Boolean> answer) {}

    private final Transport transport;
    private final Map<Endpoint, Begun> begun = new LinkedHashMap<>();

    HostProbes(Transport transport) {
        this.transport = transport;
    }

    /** Asks, unless the host is being asked or has just been silent. */
    CompletableFuture<Boolean> ask(Endpoint where, long now) {
        begun.values().removeIf(probe -> now - probe.at > SILENCE_NANOS || probe.answer.getNow(false));
        if (begun.size() >= MAX) {
            begun.remove(begun.keySet().iterator().next());
        }
        return begun.computeIfAbsent(
                        where.anyBoot(),
                        place -> new Begun(
                                now,
                                HostProbe.ask(
                                        transport.loop(),
                                        transport::outgoing,
                                        place.socket(),
                                        AtomixMembership.PROBE_TIMEOUT_MILLIS)))
                .answer;
    }

    /** The member is alive after all: what its host said before does not count. */
    void forget(Endpoint where) {
        begun.remove(where.anyBoot());
    }
}
