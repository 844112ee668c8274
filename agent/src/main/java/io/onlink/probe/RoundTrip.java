package io.onlink.probe;

import java.util.concurrent.TimeUnit;

/** The round trip to a peer, smoothed, and how long an answer is waited for by it. */
final class RoundTrip {
    /** How long an answer may take before there is a round trip to go by. */
    private static final long FIRST_WAIT = TimeUnit.SECONDS.toNanos(1);

    private static final long LEAST_WAIT = TimeUnit.MILLISECONDS.toNanos(400);
    private static final long MOST_WAIT = TimeUnit.SECONDS.toNanos(3);

    private long nanos;

    void took(long now) {
        nanos = nanos == 0 ? now : nanos + (now - nanos) / 8;
    }

    /** Nanoseconds; 0 if none was measured. */
    long nanos() {
        return nanos;
    }

    /** After how many nanoseconds a question without an answer counts as lost. */
    long waits() {
        return nanos == 0 ? FIRST_WAIT : Math.min(MOST_WAIT, Math.max(LEAST_WAIT, 4 * nanos));
    }
}
