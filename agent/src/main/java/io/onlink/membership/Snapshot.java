package io.onlink.membership;

import io.atomix.cluster.Member;
import io.onlink.peer.Advertisement;
import io.onlink.peer.Gossip;
import io.onlink.peer.NodeName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** The members as Atomix holds them, read into one {@link Gossip}. */
final class Snapshot {
    private Snapshot() {}

    /** What the others say; of one name, the newest. */
    static Gossip of(Collection<Member> members, Set<Long> left, boolean complete) {
        TreeMap<NodeName, Advertisement> newest = new TreeMap<>();
        List<Gossip.Malformed> malformed = new ArrayList<>();
        for (Member member : members) {
            if (member instanceof GossipMember other) {
                Advertisement heard = other.advertisement;
                if (heard == null) {
                    malformed.add(new Gossip.Malformed(other.text(), other.malformed));
                } else {
                    newest.merge(heard.name(), heard, (a, b) -> b.supersedes(a) ? b : a);
                }
            }
        }
        malformed.sort((a, b) -> a.member().compareTo(b.member()));
        return new Gossip(List.copyOf(newest.values()), left, malformed, complete);
    }
}
