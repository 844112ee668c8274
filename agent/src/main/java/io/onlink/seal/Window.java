package io.onlink.seal;

import java.util.Arrays;

/**
 * Which sequence numbers of one sender have come: each counts once, and one too old to tell not at all.
 *
 * <p>A sender numbers everything it sends, to whomever, in one row. So a window must be as wide as the sender may run
 * ahead with others while a packet to us is under way.
 */
final class Window {
    /** Numbers below the highest that are told apart. */
    static final int SIZE = 4096;

    /** Most that one packet may be ahead of the highest; few members number so much between two packets to us. */
    static final int MAX_STEP = 1 << 16;

    private final long[] bits = new long[SIZE / Long.SIZE];
    private final long floor;
    private long highest;

    /** A window in which all up to and with {@code start} have come. */
    Window(long start) {
        floor = start;
        highest = start;
    }

    /** Whether this number has not come yet. */
    boolean fresh(long number) {
        if (number > highest) {
            return true;
        }
        return number > floor && highest - number < SIZE && (bits[word(number)] & bit(number)) == 0;
    }

    /** Whether this number is no more than {@link #MAX_STEP} ahead. */
    boolean near(long number) {
        return number - highest <= MAX_STEP;
    }

    /** Notes that it has come. */
    void take(long number) {
        if (number - highest >= SIZE) {
            Arrays.fill(bits, 0);
        } else {
            for (long skipped = highest + 1; skipped < number; skipped++) {
                bits[word(skipped)] &= ~bit(skipped);
            }
        }
        highest = Math.max(highest, number);
        bits[word(number)] |= bit(number);
    }

    private static int word(long number) {
        return (int) (number % SIZE) / Long.SIZE;
    }

    private static long bit(long number) {
        return 1L << number;
    }
}
