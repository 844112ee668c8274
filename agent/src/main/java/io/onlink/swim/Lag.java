package io.onlink.swim;

import java.util.concurrent.TimeUnit;

/**
 * How late a loop was lately, at worst: the longest delay of the last half to whole minute, so that one that fell between
 * two scrapes is seen by both of them. Any thread; times are of one monotonic clock, in nanoseconds.
 */
public final class Lag {
    private static final long WINDOW = TimeUnit.SECONDS.toNanos(30);

    private long begun;
    private long worst;
    private long before;

    /** It woke now, so much after it should have; less than nothing counts as nothing. */
    public synchronized void late(long now, long nanos) {
        move(now);
        worst = Math.max(worst, nanos);
    }

    /** The longest delay lately. */
    public synchronized long worst(long now) {
        move(now);
        return Math.max(worst, before);
    }

    private void move(long now) {
        long age = now - begun;
        if (age >= WINDOW) {
            before = age < 2 * WINDOW ? worst : 0;
            worst = 0;
            begun = now;
        }
    }
}
