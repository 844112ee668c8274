package io.onlink.swim;

/**
 * How well this node itself seems to be, from 0, well, to {@value #WORST}: Lifeguard's local health multiplier.
 *
 * <p>One that is late, or whom nobody answers at all, is the likelier fault, and gives the others more time.
 */
final class Health {
    static final int WORST = 4;

    private int score;

    void better() {
        score = Math.max(0, score - 1);
    }

    void worse() {
        score = Math.min(WORST, score + 1);
    }

    /** The time, stretched. */
    long stretched(long nanos) {
        return nanos * (score + 1);
    }

    int score() {
        return score;
    }
}
