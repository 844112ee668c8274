package io.onlink.peer;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.peer.Rejection.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who owns what: a function of the mesh's rules and the set of claims alone, the same at every node.
 *
 * <p>Of two claims under one name the newer counts. Claims are taken in order of seniority, those not ranked yet last,
 * then by name; the first to claim an address keeps it, be it a node IP or in a subnet. So an incumbent's prefix can be
 * neither taken nor split nor covered, nor made unusable by a node IP put into it.
 *
 * @param owners every node that has its place, with the prefixes that it owns
 * @param rejections the claims, or parts of them, that own nothing
 */
record Ownership(SortedMap<NodeName, Peer> owners, List<Rejection> rejections) {
    private static final Comparator<Advertisement> BY_AGE = (a, b) -> {
        int age = Long.compareUnsigned(a.seniority() - 1, b.seniority() - 1); // 0, not ranked, becomes the highest
        return age != 0 ? age : a.name().compareTo(b.name());
    };

    /**
     * Decides.
     *
     * @param mine the prefixes that are this node's own, which only the label of a rejection depends on
     */
    static Ownership of(Rules rules, Collection<Advertisement> claims, Set<Ipv4Prefix> mine) {
        return new Contest(rules, mine).decide(claims);
    }

    private static final class Contest {
        private final Rules rules;
        private final Set<Ipv4Prefix> mine;
        private final List<Rejection> rejections = new ArrayList<>();
        private final SortedMap<NodeName, Peer> owners = new TreeMap<>();
        private final TreeSet<Ipv4Prefix> taken = new TreeSet<>();
        private final TreeSet<Ipv4> nodeIps = new TreeSet<>();

        Contest(Rules rules, Set<Ipv4Prefix> mine) {
            this.rules = rules;
            this.mine = mine;
        }

        Ownership decide(Collection<Advertisement> claims) {
            int seen = 0;
            for (Advertisement claim : contenders(claims)) {
                if (seen++ > PeerView.MAX_MEMBERS) {
                    reject(claim, Reason.TOO_MANY, "one of more than " + PeerView.MAX_MEMBERS + " members");
                } else if (hasPlace(claim)) {
                    List<Ipv4Prefix> subnets = claim.subnets().stream()
                            .filter(subnet -> owns(claim, subnet))
                            .toList();
                    owners.put(claim.name(), new Peer(claim.name(), claim.nodeIp(), subnets));
                }
            }
            return new Ownership(owners, rejections);
        }

        /** The newest credible claim of each name, the oldest member first. */
        private List<Advertisement> contenders(Collection<Advertisement> claims) {
            Map<NodeName, Advertisement> newest = new TreeMap<>();
            for (Advertisement claim : claims) {
                Rejection refusal = rules.refuse(claim).orElse(null);
                if (refusal != null) {
                    rejections.add(refusal);
                } else {
                    newest.merge(claim.name(), claim, (a, b) -> b.supersedes(a) ? b : a);
                }
            }
            return newest.values().stream().sorted(BY_AGE).toList();
        }

        private boolean hasPlace(Advertisement claim) {
            Ipv4Prefix around = overlapping(Ipv4Prefix.of(claim.nodeIp(), 32));
            if (around != null) {
                return reject(
                        claim,
                        Reason.NODE_IP,
                        "node IP " + claim.nodeIp() + " is inside " + around + " of an older claim");
            }
            return nodeIps.add(claim.nodeIp())
                    || reject(claim, Reason.NODE_IP, "node IP " + claim.nodeIp() + " is that of an older claim");
        }

        private boolean owns(Advertisement claim, Ipv4Prefix subnet) {
            if (rules.overlay().stream().noneMatch(allowed -> allowed.contains(subnet))) {
                return reject(claim, Reason.OUTSIDE_OVERLAY, subnet + " is not inside " + rules.overlay());
            }
            if (subnet.length() < rules.minPrefixLength()) {
                return reject(claim, Reason.TOO_SHORT, subnet + " is shorter than a /" + rules.minPrefixLength());
            }
            Ipv4Prefix owned = overlapping(subnet);
            if (owned != null) {
                Reason reason = mine.contains(owned) ? Reason.OWN_SUBNET : Reason.CONTESTED;
                return reject(claim, reason, subnet + " overlaps " + owned + " of an older claim");
            }
            Ipv4 inside = nodeIps.ceiling(subnet.base());
            if (inside != null && subnet.contains(inside)) {
                return reject(claim, Reason.UNDERLAY, subnet + " holds the node IP " + inside);
            }
            taken.add(subnet);
            return true;
        }

        /** Taken prefixes never overlap one another, so only the neighbours in order can overlap a new one. */
        private @Nullable Ipv4Prefix overlapping(Ipv4Prefix subnet) {
            Ipv4Prefix below = taken.floor(subnet);
            if (below != null && below.overlaps(subnet)) {
                return below;
            }
            Ipv4Prefix above = taken.higher(subnet);
            return above != null && above.overlaps(subnet) ? above : null;
        }

        private boolean reject(Advertisement claim, Reason reason, String text) {
            rejections.add(new Rejection(claim.name().text(), reason, text));
            return false;
        }
    }
}
