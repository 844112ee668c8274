package io.onlink.sim;

import io.onlink.inet.Ipv4;
import io.onlink.peer.Verdict;
import java.util.concurrent.CompletableFuture;

/** A host probe, as {@code HostProbe} puts it: attempts one after the other, whatever the kernel there answers is good. */
final class Question {
    private static final int ATTEMPTS = 3;
    private static final long APART = 400 * VirtualTime.MILLI;
    private static final long TIMEOUT = 1500 * VirtualTime.MILLI;
    private static final long LATE = 300 * VirtualTime.MILLI;

    /** When the kernel repeats a lost SYN. */
    private static final long AGAIN = VirtualTime.SECOND;

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

    CompletableFuture<Verdict> put() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            long left = TIMEOUT - attempt * APART;
            by.later(attempt * APART, () -> attempt(left));
        }
        by.later(TIMEOUT, this::end);
        return answer;
    }

    private void attempt(long left) {
        syn();
        if (left > AGAIN) {
            world.time().in(AGAIN, this::syn);
        }
    }

    private void syn() {
        if (answer.isDone()) {
            return;
        }
        switch (world.network().syn(from, where)) {
            case ANSWERED ->
                world.time().in(world.network().roundTrip(), () -> by.arrives(() -> answer.complete(Verdict.ANSWERED)));
            case UNREACHABLE -> unreachable++;
            case NOT_ASKED -> local = true;
            default -> {}
        }
    }

    private void end() {
        boolean stoodStill = world.time().now() - begun > TIMEOUT + LATE;
        if (stoodStill || local) {
            answer.complete(Verdict.NOT_ASKED);
        } else {
            answer.complete(unreachable >= ATTEMPTS ? Verdict.UNREACHABLE : Verdict.SILENT);
        }
    }
}
