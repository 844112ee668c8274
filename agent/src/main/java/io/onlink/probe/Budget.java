package io.onlink.probe;

import java.util.concurrent.TimeUnit;

/** How much may be sent: so many a second, and so many at once after a quiet time. */
final class Budget {
    private final long nanosEach;
    private final int burst;

    /** The time up to which what was sent has used the budget up. */
    private long spent;

    Budget(int perSecond, int burst, long now) {
        this.nanosEach = TimeUnit.SECONDS.toNanos(1) / perSecond;
        this.burst = burst;
        this.spent = now - burst * nanosEach;
    }

    boolean has(long now) {
        return now - freeAt() >= 0;
    }

    /** Takes one if there is one. */
    boolean take(long now) {
        if (!has(now)) {
            return false;
        }
        long full = now - burst * nanosEach;
        spent = (spent - full < 0 ? full : spent) + nanosEach;
        return true;
    }

    /** From when there is one. */
    long freeAt() {
        return spent + nanosEach;
    }
}
