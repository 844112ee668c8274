package io.onlink.probe;

import java.util.concurrent.TimeUnit;

/** The questions in a row that a peer has not answered, and what may be known of the reason. */
final class Silence {
    /** What the peer says beside the tunnel holds for this long, or for a few questions where these are rarer. */
    private static final long SAID = TimeUnit.SECONDS.toNanos(60);

    private int lost;
    private int from = Losses.SILENT;
    private long since;
    private long rest;
    private String guard = "";

    /**
     * One more is lost, asked at that time.
     *
     * @param enough how many make a silence, if this is the first
     */
    void lost(long at, int enough) {
        if (lost == 0) {
            from = enough;
            since = at;
        }
        lost++;
    }

    void end() {
        lost = 0;
        guard = "";
    }

    /** How many are lost. */
    int count() {
        return lost;
    }

    boolean begun() {
        return lost > 0;
    }

    /** Whether that is enough to call the peer silent. */
    boolean certain() {
        return lost >= from;
    }

    /** Takes what the guard of this host drops of the peer, in words; empty for nothing. */
    void guard(String words) {
        guard = words;
    }

    /** What a question says of what was heard. */
    int says(Hearing hearing, long now) {
        return guard.isEmpty() ? hearing.ago(now) : Packet.GUARDED;
    }

    /** How long after a question the next one goes out. */
    void rest(long nanos) {
        rest = nanos;
    }

    /** Why the peer is silent, as far as that can be told. */
    PathVerdict verdict(boolean alive, Hearing hearing, long now) {
        if (!guard.isEmpty()) {
            return PathVerdict.GUARD_DROPS;
        }
        if (!alive) {
            return PathVerdict.AGENT_SILENT;
        }
        if (hearing.since(since, now)) {
            return hearing.theirGuard() ? PathVerdict.GUARD_DROPS : PathVerdict.ONE_WAY;
        }
        boolean heard = hearing.theySince(since, now, Math.max(SAID, 3 * rest));
        return heard ? PathVerdict.ONE_WAY : PathVerdict.PROTOCOL_4_DROPPED;
    }

    String words(PathVerdict verdict, Hearing hearing, long now) {
        if (verdict == PathVerdict.GUARD_DROPS) {
            return "guard drops: " + (guard.isEmpty() ? "its guard takes ours for a stranger's; ask there" : guard);
        }
        if (!hearing.since(since, now)) {
            return "one way only: ours reach it, nothing of its arrives here";
        }
        boolean reached = hearing.theySince(since);
        return "one way only: its probes arrive here, "
                + (reached ? "its answers to ours do not" : "ours do not reach it");
    }
}
