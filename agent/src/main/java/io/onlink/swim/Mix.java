package io.onlink.swim;

/** Spreads the bits of a number; the same at every node. */
final class Mix {
    private Mix() {}

    /** The finaliser of SplitMix64 (Steele, Lea, Flood 2014), a bijection. */
    static long of(long number) {
        long z = number + 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
