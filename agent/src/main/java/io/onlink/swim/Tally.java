package io.onlink.swim;

/**
 * What a node has held against others since it started, rightly or not.
 *
 * @param accused suspicions begun because this node itself found a member silent
 * @param heard suspicions begun because another node said so
 * @param buried members given up: silent, without an announced leave
 */
public record Tally(long accused, long heard, long buried) {
    /** Nothing yet. */
    public static final Tally NONE = new Tally(0, 0, 0);

    Tally withSuspicion(boolean own) {
        return own ? new Tally(accused + 1, heard, buried) : new Tally(accused, heard + 1, buried);
    }

    Tally withBurial() {
        return new Tally(accused, heard, buried + 1);
    }
}
