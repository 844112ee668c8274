package io.onlink.peer;

/**
 * A member is none any more.
 *
 * @param cause why
 * @param lostAt when gossip said first that it is not there, in nanoseconds of the monotonic clock
 */
public record Departure(Cause cause, long lostAt) {
    /** Why a member is none any more. */
    public enum Cause {
        /** It announced its leave. */
        LEFT,
        /** Gossip lost it, and its host is silent. */
        SILENT,
        /** Gossip lost it, its host answers, and the hold time is over. */
        EXPIRED
    }
}
