package io.onlink;

import java.time.Duration;

/**
 * Spaces the passes that only the kernel's notifications ask for, so that neither a busy routing daemon nor a rival who
 * undoes what we write can keep the loop turning. The first notification after a quiet time is never held up.
 *
 * <p>Times are nanoseconds of a monotonic clock, passed in.
 */
final class Spacing {
    static final Duration LEAST = Duration.ofMillis(20);
    static final Duration MOST = Duration.ofSeconds(1);

    /** A pass takes at most one part in this many of the time, however large the tables are. */
    private static final int SHARE = 5;

    /** Repairs further apart than this are no contest. */
    private static final long CALM = Duration.ofSeconds(5).toNanos();

    private long gap = LEAST.toNanos();
    private long repairedAt;
    private boolean repaired;
    private long notBefore;
    private boolean paced;

    /** How long notifications alone must wait from now on, 0 if not at all. */
    long pause(long now) {
        return paced ? Math.max(0, notBefore - now) : 0;
    }

    /**
     * Takes in a pass.
     *
     * @param repair whether notifications alone asked for it and it had to write
     * @param tookNanos how long it took
     * @return whether somebody is found, by this pass, to keep undoing what we write
     */
    boolean after(boolean repair, long tookNanos, long now) {
        long before = gap;
        if (repair) {
            boolean again = repaired && now - repairedAt < CALM;
            gap = again ? Math.min(gap * 2, MOST.toNanos()) : LEAST.toNanos();
            repairedAt = now;
            repaired = true;
        }
        notBefore = now + Math.max(gap, tookNanos * (SHARE - 1));
        paced = true;
        return gap == MOST.toNanos() && before != gap;
    }
}
