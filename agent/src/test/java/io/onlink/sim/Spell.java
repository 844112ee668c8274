package io.onlink.sim;

/** For how long something has been well, or has not. */
final class Spell {
    /** What has been well for so long has recovered, in nanoseconds. */
    static final long RECOVERED = 30 * VirtualTime.SECOND;

    private boolean well;
    private long since;

    Spell(boolean well) {
        this.well = well;
    }

    void set(boolean now, long at) {
        if (well == now) {
            return;
        }
        well = now;
        since = at;
    }

    /** Something has happened to it that it has to recover from. */
    void shaken(long at) {
        since = at;
    }

    /** For how long it has been well without a break; below 0 if it is not. */
    long wellFor(long now) {
        return well ? now - since : -1;
    }

    /** How long it has not been well. */
    long illFor(long now) {
        return well ? -1 : now - since;
    }

    /** When it last became as it is, or was shaken. */
    long since() {
        return since;
    }
}
