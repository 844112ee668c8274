package io.onlink.sim;

/** How long something has been well, and since when it was not really: a short recovery does not end a bad time. */
final class Spell {
    /** What has been well for so long has recovered, in nanoseconds. */
    static final long RECOVERED = 30 * VirtualTime.SECOND;

    private boolean well;
    private long since;
    private long brokenSince = Long.MIN_VALUE;

    Spell(boolean well) {
        this.well = well;
    }

    void set(boolean now, long at) {
        if (well == now) {
            return;
        }
        if (!now && (brokenSince == Long.MIN_VALUE || at - since >= RECOVERED)) {
            brokenSince = at;
        }
        well = now;
        since = at;
    }

    /** Something has happened to it that it has to recover from. */
    void shaken(long at) {
        boolean before = well;
        set(false, at);
        well = before;
        since = at;
    }

    boolean isWell() {
        return well;
    }

    /** For how long it has been well without a break; below 0 if it is not. */
    long wellFor(long now) {
        return well ? now - since : -1;
    }

    /** How long it has not been well. */
    long illFor(long now) {
        return well ? -1 : now - since;
    }

    /** When the trouble began that it has not recovered from; {@link Long#MAX_VALUE} if it is well. */
    long brokenSince(long now) {
        return wellFor(now) >= RECOVERED || brokenSince == Long.MIN_VALUE ? Long.MAX_VALUE : brokenSince;
    }

    /** When it last began to be well. */
    long since() {
        return since;
    }
}
