package io.onlink;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * When the next pass is due without an event: the resync, or a retry after a failure.
 *
 * <p>Times are nanoseconds of a monotonic clock, passed in. Retries start at {@link #FIRST_RETRY} and double up to
 * the resync period, each with jitter of a quarter, so that many agents do not retry in step. What has failed for long says
 * nothing of what is newly wanted: with that, retries start anew. Nor does it say when the kernel can be read again, so
 * those passes are counted by themselves.
 */
final class Schedule {
    static final Duration FIRST_RETRY = Duration.ofMillis(500);

    /** Doublings after which a kernel that says nothing is asked no less often: 8 s. */
    private static final int PATIENT = 4;

    private final long resyncNanos;
    private final RandomGenerator random;
    private Object wanted = List.of();
    private int failures;
    private int broken;
    private long next;

    Schedule(Duration resync, RandomGenerator random, long nowNanos) {
        this.resyncNanos = resync.toNanos();
        this.random = random;
        this.next = nowNanos;
    }

    /** What the coming pass is for, a value to compare. */
    void wants(Object what) {
        if (!what.equals(wanted)) {
            wanted = what;
            failures = 0;
        }
    }

    /** Plans the next pass after one for which the kernel could not be read or written at all. */
    void afterBroken(long nowNanos) {
        plan(Math.min(resyncNanos, FIRST_RETRY.toNanos() << Math.min(broken, PATIENT)), nowNanos);
        broken++;
    }

    /** Plans the next pass after one that settled, or did not. */
    void after(boolean settled, long nowNanos) {
        broken = 0;
        failures = settled ? 0 : Math.min(failures + 1, 20);
        long wait = settled ? resyncNanos : Math.min(resyncNanos, FIRST_RETRY.toNanos() << (failures - 1));
        plan(wait, nowNanos);
    }

    private void plan(long wait, long nowNanos) {
        next = nowNanos + wait - (long) (wait * 0.25 * random.nextDouble());
    }

    long next() {
        return next;
    }
}
