package io.onlink;

import io.onlink.inet.Ipv4Prefix;
import io.onlink.peer.Advertisement;
import io.onlink.peer.NodeName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The peers of the last run's view, believed in until somebody tells of the mesh as it is: what they say themselves goes
 * before, the first full view replaces them, and without one they expire.
 *
 * <p>Their age counts from this run's start on the monotonic clock. How old the file is nobody can tell: its time is the
 * wall clock's, which may be anything on a host that has just come up.
 */
final class Remembered {
    private final Map<NodeName, Advertisement> peers = new LinkedHashMap<>();
    private final long until;

    /**
     * Of the peers that are believed in.
     *
     * @param maxAge how long they are, without a full view
     * @param now the monotonic clock, in nanoseconds
     */
    Remembered(Collection<Advertisement> believed, Duration maxAge, long now) {
        believed.forEach(peer -> peers.put(peer.name(), peer));
        this.until = now + maxAge.toNanos();
    }

    /**
     * Forgets whoever speaks for itself again, and all of them once the view is whole or their time is over.
     *
     * @return the prefixes of those that have expired: nobody has confirmed them, so they are to go
     */
    Set<Ipv4Prefix> review(Collection<Advertisement> live, boolean complete, long now) {
        Set<Ipv4Prefix> expired = new HashSet<>();
        live.forEach(member -> peers.remove(member.name()));
        if (complete) {
            peers.clear();
        } else if (!peers.isEmpty() && now - until >= 0) {
            peers.values().forEach(peer -> expired.addAll(peer.subnets()));
            peers.clear();
        }
        return expired;
    }

    /** These members and, after them, whoever is remembered only. */
    List<Advertisement> with(Collection<Advertisement> live) {
        List<Advertisement> all = new ArrayList<>(live);
        all.addAll(peers.values());
        return all;
    }

    /** Whether this peer is believed in by memory alone. */
    boolean holds(NodeName name) {
        return peers.containsKey(name);
    }

    int count() {
        return peers.size();
    }

    /** When {@link #review} has something to let go, in nanoseconds of the same clock. */
    OptionalLong deadline() {
        return peers.isEmpty() ? OptionalLong.empty() : OptionalLong.of(until);
    }
}
