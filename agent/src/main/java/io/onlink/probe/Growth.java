package io.onlink.probe;

import java.util.concurrent.TimeUnit;

/** When a path that carries less than the tunnel is next asked whether it has grown: first soon, then more and more rarely. */
final class Growth {
    private static final long FIRST = TimeUnit.SECONDS.toNanos(30);
    private static final long MOST = TimeUnit.MINUTES.toNanos(5);

    private long pause = FIRST;
    private long at;

    /** The path was found to be small. */
    void small(long now) {
        at = now + pause;
        pause = Math.min(2 * pause, MOST);
    }

    /** The path was small for a former run, and may have grown since. */
    void soon(long now) {
        at = now;
    }

    /** The path carries what the tunnel does. */
    void full() {
        pause = FIRST;
    }

    boolean due(long now) {
        return now - at >= 0;
    }
}
