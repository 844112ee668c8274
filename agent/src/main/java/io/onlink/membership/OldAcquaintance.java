package io.onlink.membership;

import io.onlink.peer.Advertisement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Where an earlier run has known members: knocked at besides the seeds until one member has been heard, so that a mesh
 * whose seeds are all down takes a node back. A seed by itself waits for them a while before it believes to be alone.
 */
final class OldAcquaintance {
    /** Most places that are knocked at. */
    static final int MOST = 50;

    /** How long the only seed waits for them, in seconds. */
    static final int PATIENCE_SECONDS = 30;

    private volatile Set<Endpoint> places;
    private volatile boolean awaited;

    /** Of these peers, some chosen by chance if there are too many. */
    OldAcquaintance(Collection<Advertisement> peers, Endpoint self, Random random) {
        List<Endpoint> all = new ArrayList<>();
        peers.forEach(peer -> all.add(new Endpoint(peer.nodeIp(), peer.gossipPort(), 0)));
        all.removeIf(place -> place.ip().equals(self.ip()) && place.port() == self.port());
        Collections.shuffle(all, random);
        this.places = Collections.unmodifiableSet(new LinkedHashSet<>(all.subList(0, Math.min(MOST, all.size()))));
        this.awaited = !places.isEmpty();
    }

    Set<Endpoint> places() {
        return places;
    }

    /** Whether somebody may still be found there. */
    boolean awaited() {
        return awaited;
    }

    /** The only seed has waited long enough; it goes on to knock. */
    void giveUp() {
        awaited = false;
    }

    /** A member has been heard: it knows where the others are. Returns the places that are done with. */
    Set<Endpoint> met() {
        Set<Endpoint> before = places;
        places = Set.of();
        awaited = false;
        return before;
    }
}
