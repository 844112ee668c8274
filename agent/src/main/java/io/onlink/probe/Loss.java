package io.onlink.probe;

/** Which of the last probes were lost. */
final class Loss {
    private final int most;
    private final long mask;
    private int count;

    /** The latest is bit 0; 1 for lost. */
    private long bits;

    /** Of the last so many, at most 63. */
    Loss(int most) {
        this.most = most;
        this.mask = (1L << most) - 1;
    }

    void add(boolean lost) {
        bits = (bits << 1 | (lost ? 1 : 0)) & mask;
        count = Math.min(most, count + 1);
    }

    /** Takes the latest loss back: its answer came after all. */
    void take() {
        long latest = Long.lowestOneBit(bits);
        if (latest != 0) {
            bits = (bits & latest - 1) | (bits >>> 1 & -latest);
            count--;
        }
    }

    void clear() {
        bits = 0;
        count = 0;
    }

    int count() {
        return count;
    }

    int lost() {
        return Long.bitCount(bits);
    }

    /** The share that was lost, 0 if nothing was asked. */
    double share() {
        return count == 0 ? 0 : (double) lost() / count;
    }
}
