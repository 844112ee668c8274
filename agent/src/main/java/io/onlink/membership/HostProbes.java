package io.onlink.membership;

import io.onlink.peer.Verdict;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Host probes, begun as soon as a member is suspected, so that the answer is there when it is found dead. Of the event
 * loop alone.
 *
 * <p>A probe answers one question. A network that heals would otherwise be judged by silence from before.
 */
final class HostProbes {
    /** How long ago a silence may have begun that answers a question of now. */
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(4);

    /** Most members asked because they are suspected; the others are asked when they are found dead. */
    static final int MAX = 64;

    private record Begun(long at, CompletableFuture<Verdict> answer) {}

    private final Function<Endpoint, CompletableFuture<Verdict>> probe;
    private final Map<Endpoint, Begun> begun = new HashMap<>();
    private final Map<Endpoint, CompletableFuture<Verdict>> asked = new HashMap<>();

    /** Asks hosts by the given probe. */
    HostProbes(Function<Endpoint, CompletableFuture<Verdict>> probe) {
        this.probe = probe;
    }

    /** The member there may be found dead soon: begins to ask its host, unless that is being asked or just was silent. */
    void suspected(Endpoint where, long now) {
        tidy(now);
        if (begun.size() < MAX) {
            begun.computeIfAbsent(where.anyBoot(), place -> new Begun(now, probe.apply(place)));
        }
    }

    /**
     * The answer of the host, by the probe that a suspicion has begun or by one of now. A question about the same member
     * that is still open is cancelled: what it may bring is older than this one.
     */
    CompletableFuture<Verdict> ask(Endpoint where, long now) {
        tidy(now);
        Begun early = begun.remove(where.anyBoot());
        CompletableFuture<Verdict> answer = early != null ? early.answer : probe.apply(where.anyBoot());
        CompletableFuture<Verdict> open = asked.put(where, answer);
        if (open != null) {
            open.cancel(false);
        }
        var unused = answer.whenComplete((answered, failure) -> asked.remove(where, answer));
        return answer;
    }

    /** Silence alone is kept: an answer says nothing of the time after it. */
    private void tidy(long now) {
        begun.values()
                .removeIf(early ->
                        now - early.at > SILENCE_NANOS || early.answer.getNow(Verdict.SILENT) != Verdict.SILENT);
    }

    /** The member is alive after all: what its host said before does not count. */
    void forget(Endpoint where) {
        begun.remove(where.anyBoot());
    }

    /** Somebody is here who was not: the network may have been cut, and nobody's silence until now counts. */
    void forgetAll() {
        begun.clear();
    }
}
