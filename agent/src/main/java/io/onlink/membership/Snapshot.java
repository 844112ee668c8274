package io.onlink.membership;

import io.atomix.cluster.Member;
import io.onlink.peer.Advertisement;
import io.onlink.peer.Gossip;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** The members as Atomix holds them, read into one {@link Gossip}. */
final class Snapshot {
    private static final Comparator<Advertisement> BY_NAME = (one, other) -> {
        int names = one.name().compareTo(other.name());
        return names != 0 ? names : Long.compare(one.boot(), other.boot());
    };

    private Snapshot() {}

    /** What the others say, all runs of a name: which counts is decided where they are believed. */
    static Gossip of(Collection<Member> members, Set<Long> left, boolean complete) {
        List<Advertisement> alive = new ArrayList<>();
        List<Gossip.Malformed> malformed = new ArrayList<>();
        for (Member member : members) {
            if (member instanceof GossipMember other) {
                Advertisement heard = other.advertisement;
                if (heard == null) {
                    malformed.add(new Gossip.Malformed(other.text(), other.malformed));
                } else {
                    alive.add(heard);
                }
            }
        }
        alive.sort(BY_NAME);
        malformed.sort((a, b) -> a.member().compareTo(b.member()));
        return new Gossip(alive, left, malformed, complete);
    }
}
