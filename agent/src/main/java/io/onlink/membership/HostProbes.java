package io.onlink.membership;

import io.onlink.peer.Verdict;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Host probes, begun as soon as a member is suspected, so that the answer is there when it is found dead. Of the event
 * loop alone.
 *
 * <p>A probe answers one question. A network that heals would otherwise be judged by silence from before.
 *
 * <p>A host has {@link #LEAST_MILLIS} to answer, more where the way is known to be slow: as long as the mesh's pings need
 * of late, or twice what that host itself needed. What a suspicion has begun listens on until it is needed.
 */
final class HostProbes {
    /** How long a host may take to answer at least, and so where the way is as usual. */
    static final int LEAST_MILLIS = 1500;

    /** Who answers more slowly than this is remembered to, for a while. */
    private static final int SLOW_MILLIS = LEAST_MILLIS / 2;

    private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** Most hosts of which it is remembered that they are slow; of more, the oldest are forgotten. */
    static final int MAX_SLOW = 1024;

    /** How long ago a silence may have begun that answers a question of now. */
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(4);

    /** Most members asked because they are suspected; the others are asked when they are found dead. */
    static final int MAX = 64;

    /** Asks a host. */
    interface Asking {
        /** Asks the host there, and listens as long as it is told. */
        CompletableFuture<Verdict> ask(Endpoint where, HostProbe.Listening listening);
    }

    private record Begun(long at, Question question, CompletableFuture<Verdict> answer) {}

    private record Slow(long at, long millis) {}

    private final Asking probe;
    private final LongSupplier allowance;
    private final LongSupplier clock;
    private final Map<Endpoint, Begun> begun = new HashMap<>();
    private final Map<Endpoint, CompletableFuture<Verdict>> asked = new HashMap<>();
    private final Map<Endpoint, Slow> slow = new LinkedHashMap<>();

    /**
     * Asks hosts by the given probe.
     *
     * @param allowance how long answers may take by what the mesh's pings need, in nanoseconds
     * @param clock the monotonic clock of the times given to the methods
     */
    HostProbes(Asking probe, LongSupplier allowance, LongSupplier clock) {
        this.probe = probe;
        this.allowance = allowance;
        this.clock = clock;
    }

    /** A question to one host. Before anybody waits for the verdict, there is no hurry to give one. */
    private final class Question implements HostProbe.Listening {
        private final Endpoint place;
        private boolean awaited;

        Question(Endpoint place, boolean awaited) {
            this.place = place;
            this.awaited = awaited;
        }

        @Override
        public int patienceMillis() {
            return awaited ? patience(place) : HostProbe.LONGEST_MILLIS;
        }

        @Override
        public void answered(long millis) {
            slow.remove(place);
            if (millis > SLOW_MILLIS) {
                if (slow.size() >= MAX_SLOW) {
                    slow.remove(slow.keySet().iterator().next());
                }
                slow.put(place, new Slow(clock.getAsLong(), millis));
            }
        }
    }

    /** How long the host there may take, in milliseconds. */
    private int patience(Endpoint place) {
        Slow known = slow.get(place);
        long own = known == null || clock.getAsLong() - known.at > SLOW_NANOS ? 0 : 2 * known.millis;
        long needed = Math.max(own, TimeUnit.NANOSECONDS.toMillis(allowance.getAsLong()));
        return (int) Math.max(LEAST_MILLIS, Math.min(needed, HostProbe.LONGEST_MILLIS));
    }

    private Begun begin(Endpoint place, long now, boolean awaited) {
        Question question = new Question(place, awaited);
        return new Begun(now, question, probe.ask(place, question));
    }

    /** The member there may be found dead soon: begins to ask its host, unless that is being asked or just was silent. */
    void suspected(Endpoint where, long now) {
        tidy(now);
        if (begun.size() < MAX) {
            begun.computeIfAbsent(where.anyBoot(), place -> begin(place, now, false));
        }
    }

    /**
     * The answer of the host, by the probe that a suspicion has begun or by one of now. A question about the same member
     * that is still open is cancelled: what it may bring is older than this one.
     */
    CompletableFuture<Verdict> ask(Endpoint where, long now) {
        tidy(now);
        Begun early = begun.remove(where.anyBoot());
        Begun question = early != null ? early : begin(where.anyBoot(), now, true);
        question.question.awaited = true;
        CompletableFuture<Verdict> answer = question.answer;
        CompletableFuture<Verdict> open = asked.put(where, answer);
        if (open != null) {
            open.cancel(false);
        }
        var unused = answer.whenComplete((answered, failure) -> asked.remove(where, answer));
        return answer;
    }

    /** Silence alone is kept: an answer says nothing of the time after it. */
    private void tidy(long now) {
        begun.values().removeIf(early -> {
            boolean useless = now - early.at > SILENCE_NANOS || early.answer.getNow(Verdict.SILENT) != Verdict.SILENT;
            return useless && cancelled(early);
        });
    }

    private static boolean cancelled(Begun early) {
        early.answer.cancel(false);
        return true;
    }

    /** The member is alive after all: what its host said before does not count. */
    void forget(Endpoint where) {
        Begun early = begun.remove(where.anyBoot());
        if (early != null) {
            early.answer.cancel(false);
        }
    }

    /** Somebody is here who was not: the network may have been cut, and nobody's silence until now counts. */
    void forgetAll() {
        begun.values().forEach(HostProbes::cancelled);
        begun.clear();
    }
}
