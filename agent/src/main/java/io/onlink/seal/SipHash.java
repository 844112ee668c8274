package io.onlink.seal;

/** SipHash-2-4, a short keyed hash (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012). Allocates nothing. */
final class SipHash {
    private SipHash() {}

    /** The hash of {@code length} bytes from {@code offset} on, under the key whose little-endian halves these are. */
    static long hash(long k0, long k1, byte[] in, int offset, int length) {
        long v0 = k0 ^ 0x736f6d6570736575L;
        long v1 = k1 ^ 0x646f72616e646f6dL;
        long v2 = k0 ^ 0x6c7967656e657261L;
        long v3 = k1 ^ 0x7465646279746573L;
        int whole = length & ~7;
        // The last round but one takes the odd bytes with the length above them, and the last one ends the hash.
        for (int at = 0; at <= whole + 8; at += 8) {
            boolean end = at > whole;
            long word = end ? 0 : at < whole ? little(in, offset + at, 8) : last(in, offset + whole, length);
            v3 ^= word;
            v2 ^= end ? 0xff : 0;
            int rounds = end ? 4 : 2;
            for (int i = 0; i < rounds; i++) {
                v0 += v1;
                v2 += v3;
                v1 = Long.rotateLeft(v1, 13) ^ v0;
                v3 = Long.rotateLeft(v3, 16) ^ v2;
                v0 = Long.rotateLeft(v0, 32);
                v2 += v1;
                v0 += v3;
                v1 = Long.rotateLeft(v1, 17) ^ v2;
                v3 = Long.rotateLeft(v3, 21) ^ v0;
                v2 = Long.rotateLeft(v2, 32);
            }
            v0 ^= word;
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private static long last(byte[] in, int offset, int length) {
        return (long) length << 56 | little(in, offset, length & 7);
    }

    /** Up to eight bytes as a little-endian number. */
    static long little(byte[] in, int offset, int count) {
        long word = 0;
        for (int i = count - 1; i >= 0; i--) {
            word = word << 8 | (in[offset + i] & 0xff);
        }
        return word;
    }
}
