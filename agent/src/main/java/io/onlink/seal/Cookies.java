package io.onlink.seal;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;

/** What a challenge gives away to be brought back: proof, without any memory of ours, that we have just been asked. */
final class Cookies {
    /** For so long a cookie is good, and for at most as long again. */
    static final long EPOCH_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final long k0;
    private final long k1;

    Cookies(SecureRandom random) {
        k0 = random.nextLong();
        k1 = random.nextLong();
    }

    /** The cookie of this boot id at this address. */
    long make(long boot, InetAddress at, long now) {
        return of(boot, at, Math.floorDiv(now, EPOCH_NANOS));
    }

    /** Whether we have made it, now or a little while ago. */
    boolean good(long cookie, long boot, InetAddress at, long now) {
        long epoch = Math.floorDiv(now, EPOCH_NANOS);
        return cookie == of(boot, at, epoch) || cookie == of(boot, at, epoch - 1);
    }

    private long of(long boot, InetAddress at, long epoch) {
        byte[] octets = at.getAddress();
        byte[] input = ByteBuffer.allocate(2 * Long.BYTES + octets.length)
                .putLong(boot)
                .putLong(epoch)
                .put(octets)
                .array();
        return SipHash.hash(k0, k1, input, 0, input.length);
    }
}
