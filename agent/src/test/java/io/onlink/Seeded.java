package io.onlink;

import java.util.Random;

/** A property held against many random cases; the failure of one names its seed. */
public final class Seeded {
    private Seeded() {}

    /** One case, drawn from the generator. */
    public interface Case {
        void check(Random random) throws Exception;
    }

    /** Checks cases of seeds 0, 1, 2 and so on. */
    public static void cases(int count, Case one) {
        for (long seed = 0; seed < count; seed++) {
            only(seed, one);
        }
    }

    /** Checks the case of that seed: what is called to look at a failure. */
    public static void only(long seed, Case one) {
        try {
            one.check(new Random(seed));
        } catch (Exception | AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }

    /** One of these. */
    @SafeVarargs
    public static <T> T pick(Random random, T... of) {
        return of[random.nextInt(of.length)];
    }
}
