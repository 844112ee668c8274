package io.onlink.probe;

import java.util.concurrent.TimeUnit;

/** When something of the peer last arrived through the tunnel, and when, as it says, something of ours did there. */
final class Hearing {
    /** The peer's own questions count as signs of life for this long. */
    private static final long FRESH = TimeUnit.SECONDS.toNanos(30);

    /** What had been under way when the silence began says nothing of it. */
    private static final long UNDER_WAY = TimeUnit.SECONDS.toNanos(1);

    private static final long TENTH = TimeUnit.MILLISECONDS.toNanos(100);

    private boolean heard;
    private long heardAt;
    private boolean theyHeard;
    private long theyHeardAt;

    void heard(long now) {
        heard = true;
        heardAt = now;
    }

    /** Takes what a question of the peer says it has heard: tenths of a second since, or never. */
    void theyHeard(int tenths, long now) {
        theyHeard = tenths != Packet.NEVER;
        theyHeardAt = now - tenths * TENTH;
    }

    /** Tenths of a second since the peer was heard, as our packets say it. */
    int ago(long now) {
        long tenths = (now - heardAt) / TENTH;
        return heard && tenths < Packet.NEVER ? (int) tenths : Packet.NEVER;
    }

    boolean ever() {
        return heard;
    }

    /** Whether the peer is heard although it answers nothing since then. */
    boolean since(long silent, long now) {
        return heard && heardAt - silent > UNDER_WAY && now - heardAt < FRESH;
    }

    /** Whether the peer says that it has heard us since then. */
    boolean theySince(long silent) {
        return theyHeard && theyHeardAt - silent > UNDER_WAY;
    }
}
