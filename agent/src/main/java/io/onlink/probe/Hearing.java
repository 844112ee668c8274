package io.onlink.probe;

import java.util.concurrent.TimeUnit;

/** When something of the peer last arrived through the tunnel, and when, as it says, something of ours did there. */
final class Hearing {
    /** The peer's own questions count as signs of life for this long at least. */
    private static final long FRESH = TimeUnit.SECONDS.toNanos(30);

    /** Likewise, and for as many of the times between them, which in a large mesh are long. */
    private static final int QUESTIONS = 3;

    /** By what part of it the time between questions is taken for shorter with each that comes sooner. */
    private static final int SHORTER = 16;

    /** What had been under way when the silence began says nothing of it. */
    private static final long UNDER_WAY = TimeUnit.SECONDS.toNanos(1);

    /** Answers of ours in a row that the peer has not heard, after which it is worth telling it so. */
    private static final int UNHEARD = 3;

    private static final long TENTH = TimeUnit.MILLISECONDS.toNanos(100);

    private boolean heard;
    private long heardAt;
    private boolean theyHeard;
    private long theyHeardAt;
    private boolean theirGuard;
    private boolean served;
    private long servedAt;
    private long between;
    private int unheard;

    void heard(long now) {
        heard = true;
        heardAt = now;
    }

    /**
     * Takes what a question of the peer, which is answered now, says it has heard.
     *
     * @param round how long a node of this mesh takes to ask all others: no longer than that is it silent if all is well
     */
    void theirs(int tenths, long now, long round) {
        long gap = served ? Math.min(now - servedAt, round) : round;
        between = Math.max(gap, between - between / SHORTER);
        theirGuard = tenths == Packet.GUARDED;
        boolean ever = tenths != Packet.NEVER && !theirGuard;
        if (ever) {
            theyHeard(now - tenths * TENTH);
        }
        boolean missed = served && (!ever || now - tenths * TENTH - servedAt < -UNDER_WAY);
        unheard = missed && !theirGuard ? unheard + 1 : 0;
        served = true;
        servedAt = now;
    }

    /** The peer says, in whatever way, that it heard us then. */
    void theyHeard(long at) {
        theyHeard = true;
        theyHeardAt = at;
    }

    /** Whether the peer asks and hears none of our answers: it cannot know that it is heard. */
    boolean unheard() {
        return unheard >= UNHEARD;
    }

    /** Whether the peer's guard drops what comes of us, as it says. */
    boolean theirGuard() {
        return theirGuard;
    }

    /** Tenths of a second since the peer was heard, as our packets say it. */
    int ago(long now) {
        long tenths = (now - heardAt) / TENTH;
        return heard && tenths < Packet.GUARDED ? (int) tenths : Packet.NEVER;
    }

    boolean ever() {
        return heard;
    }

    /** Whether the peer is heard although it answers nothing since then. */
    boolean since(long silent, long now) {
        return heard && heardAt - silent > UNDER_WAY && now - heardAt < Math.max(FRESH, QUESTIONS * between);
    }

    /** Whether the peer says that it has heard us since then. */
    boolean theySince(long silent) {
        return theyHeard && theyHeardAt - silent > UNDER_WAY;
    }

    /** Likewise, and not long ago: within that many nanoseconds. */
    boolean theySince(long silent, long now, long within) {
        return theySince(silent) && now - theyHeardAt < within;
    }
}
