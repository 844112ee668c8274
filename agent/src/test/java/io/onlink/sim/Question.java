package io.onlink.sim;

import io.onlink.inet.Ipv4;
import io.onlink.peer.Verdict;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import java.util.function.LongConsumer;

/** A host probe, as {@code HostProbe} puts it: attempts one after the other, whatever the kernel there answers is good. */
final class Question {
    private static final int ATTEMPTS = 5;
    private static final long APART = 250 * VirtualTime.MILLI;
    private static final long LONGEST = 5000 * VirtualTime.MILLI;
    private static final long STEP = 100 * VirtualTime.MILLI;
    private static final long LATE = 300 * VirtualTime.MILLI;

    /** How long after the one before the kernel repeats a lost SYN. */
    private static final List<Long> AGAIN = List.of(VirtualTime.SECOND, 2 * VirtualTime.SECOND);

    private final World world;
    private final SimHost from;
    private final SimAgent by;
    private final Ipv4 where;
    private final CompletableFuture<Verdict> answer = new CompletableFuture<>();
    private final long begun;
    private int unreachable;
    private boolean local;

    Question(World world, SimHost from, SimAgent by, Ipv4 where) {
        this.world = world;
        this.from = from;
        this.by = by;
        this.where = where;
        this.begun = world.time().now();
    }

    CompletableFuture<Verdict> put(IntSupplier patience, LongConsumer answered) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            by.later(attempt * APART, () -> attempt(answered));
        }
        by.later(ATTEMPTS * APART, () -> listen(patience, ATTEMPTS * APART));
        return answer;
    }

    private void attempt(LongConsumer answered) {
        long asked = world.time().now();
        world.time().in(0, () -> syn(asked, 0, answered));
    }

    /** That SYN of an attempt, and the next when its time has come, unless it is known by then. */
    private void syn(long asked, int repeated, LongConsumer answered) {
        if (answer.isDone()) {
            return;
        }
        if (repeated < AGAIN.size()) {
            world.time().in(AGAIN.get(repeated), () -> syn(asked, repeated + 1, answered));
        }
        switch (world.network().syn(from, where)) {
            case ANSWERED ->
                world.time()
                        .in(
                                world.network().roundTrip(),
                                () -> by.arrives(() -> {
                                    answered.accept((world.time().now() - asked) / VirtualTime.MILLI);
                                    answer.complete(Verdict.ANSWERED);
                                }));
            case UNREACHABLE -> unreachable++;
            case NOT_ASKED -> local = true;
            default -> {}
        }
    }

    private void listen(IntSupplier patience, long waited) {
        long left = Math.min(LONGEST, patience.getAsInt() * VirtualTime.MILLI) - waited;
        if (answer.isDone()) {
            return;
        }
        if (left > 0) {
            long step = Math.min(left, STEP);
            by.later(step, () -> listen(patience, waited + step));
        } else if (local || world.time().now() - begun > waited + LATE) {
            answer.complete(Verdict.NOT_ASKED);
        } else {
            answer.complete(unreachable >= ATTEMPTS ? Verdict.UNREACHABLE : Verdict.SILENT);
        }
    }
}
