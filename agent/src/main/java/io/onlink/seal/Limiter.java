package io.onlink.seal;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * How often one source may ask for something that costs us more than a look: a bucket of tokens for each and each type
 * of packet, for who floods us with old questions in another's name must not use up the other's answers. In a table of
 * fixed size: what falls on one place of it shares its bucket.
 */
final class Limiter {
    /** Tokens a second. */
    static final int RATE = 50;

    /** Most tokens saved up. */
    static final int BURST = 100;

    private static final int PLACES = 1024;
    private static final long NANOS_PER_TOKEN = TimeUnit.SECONDS.toNanos(1) / RATE;

    /** When the place would have been empty of debt: the time up to which its tokens are spent. */
    private final long[] spent = new long[PLACES];

    private final int salt;

    /** Limits from now on; the salt keeps sources from choosing whom they share a place with. */
    Limiter(int salt, long now) {
        this.salt = salt;
        Arrays.fill(spent, now - BURST * NANOS_PER_TOKEN);
    }

    /** Takes a token of this source for this type, if it has one. Allocates nothing. */
    boolean allow(InetAddress source, Envelope.Type type, long now) {
        int mixed = ((source.hashCode() ^ salt) * 31 + type.code) * 0x9e3779b1;
        int place = mixed >>> 22;
        long full = now - BURST * NANOS_PER_TOKEN;
        long from = spent[place] - full < 0 ? full : spent[place];
        if (from + NANOS_PER_TOKEN - now > 0) {
            return false;
        }
        spent[place] = from + NANOS_PER_TOKEN;
        return true;
    }
}
