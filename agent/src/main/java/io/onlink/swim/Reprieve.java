package io.onlink.swim;

import java.util.concurrent.TimeUnit;

/**
 * The time that one who is being judged is given because the judge stood still: one standstill in full, however long,
 * many together no more than {@link #MOST}. Else a node that is always late would never judge anybody.
 */
final class Reprieve {
    static final long MOST = TimeUnit.SECONDS.toNanos(10);

    private long given;

    /** What is given of the time asked for. */
    long give(long nanos) {
        long more = Math.max(0, Math.min(nanos, Math.max(MOST, nanos) - given));
        given += more;
        return more;
    }
}
