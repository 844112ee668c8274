package io.onlink.seal;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * How often one source may ask for something that costs us more than a look: a bucket of tokens for each, in a table
 * of fixed size. Sources that fall on one place of it share its bucket.
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

    /** Takes a token of this source, if it has one. Allocates nothing. */
    boolean allow(InetAddress source, long now) {
        int mixed = (source.hashCode() ^ salt) * 0x9e3779b1;
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
