package io.onlink.swim;

import java.util.concurrent.TimeUnit;

/** How long things take, in nanoseconds. */
final class Pace {
    static final long NEVER = Long.MAX_VALUE;

    /** Between two probes by one member; each member is so asked once a period, by its predecessor on the ring. */
    static final long PROBE = millis(1000);

    /** How long a member may take to answer before others are asked to ask it. */
    static final long DIRECT = millis(500);

    /**
     * Between two pings of one probe; before the second it is twice that. Of 20 % of all datagrams lost, this makes one
     * suspicion in 2,000 probes; a single ping would make one in 14.
     */
    static final long AGAIN = millis(100);

    /** How long until it is suspected; more than {@link #DIRECT} by a round trip over another. */
    static final long PROBED = millis(850);

    /** How long another asks in our name before it says that it has no answer either. */
    static final long NACK = millis(300);

    /** Least time a suspect of a small mesh has, all confirmations given; grows with the logarithm of the members. */
    static final long SUSPICION = millis(850);

    /** How much longer it has when nobody confirms. */
    static final int UNCONFIRMED = 5;

    /** How long one who is to confirm a suspicion tries before it does, and how often it asks meanwhile. */
    static final long CONFIRM = millis(600);

    static final long CONFIRM_PING = millis(100);

    /** How often it asks after that, up to the end of the suspicion. */
    static final long ACCUSED_PING = millis(400);

    /** Between two times that members are asked whether it is true what others say of them. */
    static final long DOUBT = millis(100);

    /** Between two rounds of rumours, and the same when there is something new. */
    static final long ROUND = millis(200);

    static final long FRESH_ROUND = millis(20);

    /** Waking later than this says that we stood still, and others need not have. */
    static final long LATE = millis(150);

    /** How long what has come in meanwhile then has to be read. */
    static final long GRACE = millis(300);

    /** Who stood still for longer may have missed leaves and returns, and how long those then have to come in. */
    static final long AWAY = millis(5000);

    static final long SETTLING = millis(2000);

    /** How long it then tells nobody of members it has not heard of since: longer than it takes to find them dead. */
    static final long UNHEARD = millis(30_000);

    /** An answer that takes longer says that the other stood still, and nothing of the way. */
    static final long TOO_LATE = millis(5000);

    /** Rumours have this long to do their work before views that differ are compared; at the latest after the second. */
    static final long QUIET = millis(500);

    static final long DIFFERENT = millis(1500);

    /** Between two comparisons that one node begins. */
    static final long SYNC = millis(500);

    /** How long a view that is still growing, or was given by one who has just started, is not taken for the whole. */
    static final long WHOLE = millis(3000);

    /** First and longest pause between knocks at a seed, the latter while alone and otherwise. */
    static final long KNOCK = millis(100);

    static final long KNOCK_ALONE = millis(1000);
    static final long KNOCK_MISSING = millis(10_000);

    /** Between two knocks at the places of members that were lost. */
    static final long LOST = millis(1000);

    /** A place lost longer ago than the former is knocked at the less often, at least after each of the latter. */
    static final long LOST_LATELY = TimeUnit.HOURS.toNanos(1);

    static final long LOST_LONG = millis(60_000);

    /** Longer than any member that is cut off goes unnoticed. */
    static final long UNNOTICED = millis(30_000);

    /** How long tombstones are kept. */
    static final long TOMBSTONE = TimeUnit.HOURS.toNanos(1);

    private Pace() {}

    private static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** The earlier of two times of one monotonic clock. */
    static long earlier(long one, long other) {
        if (one == NEVER || other == NEVER) {
            return one == NEVER ? other : one;
        }
        return one - other <= 0 ? one : other;
    }

    /** Whether that time has come. */
    static boolean due(long at, long now) {
        return at != NEVER && at - now <= 0;
    }
}
