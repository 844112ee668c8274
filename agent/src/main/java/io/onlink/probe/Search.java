package io.onlink.probe;

/**
 * Looks for the largest size that passes, by halves. Sizes are whole IP packets, in bytes.
 *
 * <p>An answer always counts, also a late one; a size is given up only after several losses.
 */
final class Search {
    /** No size below it is tried: the least that Linux itself takes for a path's MTU ({@code ip_rt_min_pmtu}). */
    static final int FLOOR = 552;

    private final int full;
    private int low;
    private int high;
    private int size;
    private int lost;
    private int told;

    /**
     * Between a size that passes and the largest there could be, which is asked first, and again if it was lost before:
     * so that chance alone makes no path smaller. Where something larger than {@link #FLOOR} passed, a little more than
     * that is asked next, for most paths stay as they are.
     */
    Search(int passed, int full) {
        this.full = full;
        this.low = passed;
        this.high = full + 1;
        this.size = full;
    }

    /** The size to ask next. */
    int size() {
        return size;
    }

    /** The largest that is known to pass. */
    int passing() {
        return low;
    }

    boolean done() {
        return high <= Math.max(FLOOR, low + 1);
    }

    void passed(int asked) {
        if (asked <= low) {
            return;
        }
        low = asked;
        if (asked >= high) {
            high = Math.max(asked, full) + 1;
        }
        next();
    }

    /** Takes in that a question of that size went unanswered; after so many the size is given up. */
    void lost(int asked, int tries) {
        if (asked != size || done()) {
            return;
        }
        lost++;
        if (lost < tries) {
            return;
        }
        boolean first = size == full;
        high = size;
        next();
        if (first && low >= FLOOR && !done()) {
            size = low + 1;
        }
    }

    /** The network said that nothing above passes, which ends the search where that is no more than is known to pass. */
    void told(int mtu) {
        told = mtu;
        if (mtu < high - 1) {
            low = Math.min(low, mtu);
            high = mtu + 1;
            lost = 0;
            size = mtu;
        }
    }

    /** Whether the path carries just what the network said. */
    boolean asTold() {
        return low == told;
    }

    private void next() {
        lost = 0;
        size = Math.max(FLOOR, (low + high) / 2);
    }
}
