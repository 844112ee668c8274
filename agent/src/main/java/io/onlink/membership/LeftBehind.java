package io.onlink.membership;

import io.onlink.seal.Key;
import java.net.InetAddress;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Members, by their address, whose packets are sealed with a key we do not have: left behind by a change of keys, or we
 * are. Without the key nobody can tell whether it is they who send, so this is said and acted upon no further.
 */
final class LeftBehind {
    /** Most addresses that are told apart. */
    static final int MAX_PEERS = 256;

    /** Most addresses named in the log in a minute: sources can be forged, and the metric names them all. */
    static final int MAX_NAMED = 8;

    private static final Logger LOG = LoggerFactory.getLogger(LeftBehind.class);
    private static final long SAID_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** How long after its last packet an address is forgotten. */
    private static final long FORGOTTEN_NANOS = TimeUnit.HOURS.toNanos(1);

    private static final class Peer {
        final LongAdder packets = new LongAdder();
        volatile long seenAt;
        long saidAt;
    }

    private final Map<InetAddress, Peer> peers = new ConcurrentHashMap<>();

    /** When the minute of the log began and what was named in it; of the event loop. */
    private long minute;

    private int named;

    /** Counts a packet of a member's address; called by the event loop. Logs once a minute for each, a few in all. */
    void packet(InetAddress from, int keyId, long now) {
        Peer peer = peers.get(from);
        if (peer == null) {
            if (peers.size() >= MAX_PEERS) {
                forget(now);
            }
            if (peers.size() >= MAX_PEERS) {
                return;
            }
            peer = new Peer();
            peer.saidAt = now - SAID_AGAIN_NANOS;
            peer.seenAt = now;
            peers.put(from, peer);
        }
        peer.seenAt = now;
        peer.packets.increment();
        if (now - peer.saidAt >= SAID_AGAIN_NANOS && mayBeNamed(now)) {
            peer.saidAt = now;
            LOG.warn(
                    "{} seals its gossip with key {}, which is not in our key file ({} packets so far thrown away);"
                            + " give both the same keys",
                    from.getHostAddress(),
                    Key.fingerprint(keyId),
                    peer.packets.sum());
        }
    }

    private void forget(long now) {
        peers.values().removeIf(peer -> now - peer.seenAt >= FORGOTTEN_NANOS);
    }

    private boolean mayBeNamed(long now) {
        if (named == 0 || now - minute >= SAID_AGAIN_NANOS) {
            minute = now;
            named = 0;
        }
        if (named > MAX_NAMED) {
            return false;
        }
        named++;
        if (named > MAX_NAMED) {
            LOG.warn(
                    "more nodes seal with keys that are not in our key file; onlink_gossip_unknown_key_total names them");
        }
        return named <= MAX_NAMED;
    }

    /** Packets by address; any thread, with {@link System#nanoTime} as the time. */
    Map<String, Long> counts(long now) {
        forget(now);
        Map<String, Long> counts = new TreeMap<>();
        peers.forEach((address, peer) -> counts.put(address.getHostAddress(), peer.packets.sum()));
        return counts;
    }
}
