package io.onlink.peer;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.peer.Rejection.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The admitted peers, and the claims that were not.
 *
 * <p>Ownership of a contested prefix is a function of the set of claims alone: claims are taken in order of seniority,
 * those not ranked yet last, then by name; the first to claim an address keeps it. Every node with the same claims
 * decides alike. The checks against this host's own surroundings come after, so that they cannot change who owns what.
 *
 * @param peers by name
 * @param rejections in the order of their members
 */
public record PeerView(List<Peer> peers, List<Rejection> rejections) {
    /** Most members that are looked at; the rest is rejected. */
    public static final int MAX_MEMBERS = 10_000;

    /** No peers. */
    public static final PeerView EMPTY = new PeerView(List.of(), List.of());

    private static final Comparator<Advertisement> BY_AGE = (a, b) -> {
        int age = Long.compareUnsigned(a.seniority() - 1, b.seniority() - 1); // 0, not ranked, becomes the highest
        return age != 0 ? age : a.name().compareTo(b.name());
    };

    public PeerView {
        peers = List.copyOf(peers);
        rejections = List.copyOf(rejections);
    }

    /** Admits what may be admitted of the claims, at most one for each name; the newest of a name must be chosen before. */
    public static PeerView of(Surroundings here, Collection<Advertisement> claims) {
        return new Admission(here).admit(claims);
    }

    private static final class Admission {
        private final Surroundings here;
        private final List<Rejection> rejections = new ArrayList<>();
        private final TreeSet<Ipv4Prefix> taken = new TreeSet<>();
        private final Set<Ipv4> nodeIps = new HashSet<>();
        private final TreeSet<Ipv4> forbidden = new TreeSet<>();

        Admission(Surroundings here) {
            this.here = here;
        }

        PeerView admit(Collection<Advertisement> claims) {
            List<Advertisement> byAge = new ArrayList<>(claims);
            byAge.add(here.self());
            byAge.sort(BY_AGE);
            forbidden.addAll(here.reserved());
            claims.forEach(claim -> forbidden.add(claim.nodeIp()));
            Map<NodeName, Peer> peers = new TreeMap<>();
            int seen = 0;
            for (Advertisement claim : byAge) {
                if (++seen > MAX_MEMBERS) {
                    reject(claim, Reason.TOO_MANY, "one of more than " + MAX_MEMBERS + " members");
                } else if (claim.equals(here.self())) {
                    taken.addAll(claim.subnets());
                } else if (hasPlace(claim)) {
                    List<Ipv4Prefix> subnets = claim.subnets().stream()
                            .filter(subnet -> owns(claim, subnet) && suits(claim, subnet))
                            .toList();
                    if (!subnets.isEmpty()) {
                        peers.put(claim.name(), new Peer(claim.name(), claim.nodeIp(), subnets));
                    }
                }
            }
            rejections.sort(Comparator.comparing(Rejection::member).thenComparing(Rejection::text));
            return new PeerView(List.copyOf(peers.values()), rejections);
        }

        private boolean hasPlace(Advertisement claim) {
            if (claim.name().equals(here.self().name())) {
                return reject(claim, Reason.OWN_NAME, "node IP " + claim.nodeIp() + " uses the name of this node");
            }
            if (!claim.nodeIp().isUnicast()) {
                return reject(claim, Reason.NODE_IP, "node IP " + claim.nodeIp() + " is no unicast address");
            }
            if (claim.nodeIp().equals(here.self().nodeIp())) {
                return reject(claim, Reason.NODE_IP, "node IP " + claim.nodeIp() + " is this node's");
            }
            return nodeIps.add(claim.nodeIp())
                    || reject(claim, Reason.NODE_IP, "node IP " + claim.nodeIp() + " is an older peer's");
        }

        /** The same at every node: only claims and the mesh's overlay prefixes matter. */
        private boolean owns(Advertisement claim, Ipv4Prefix subnet) {
            if (here.overlay().stream().noneMatch(allowed -> allowed.contains(subnet))) {
                return reject(claim, Reason.OUTSIDE_OVERLAY, subnet + " is not inside " + here.overlay());
            }
            Ipv4Prefix owned = overlapping(subnet);
            if (owned != null) {
                Reason reason = here.self().subnets().contains(owned) ? Reason.OWN_SUBNET : Reason.CONTESTED;
                return reject(claim, reason, subnet + " overlaps " + owned + " of an older claim");
            }
            taken.add(subnet);
            return true;
        }

        /** This host's own view: what would cut it off or is its own is refused whoever owns it. */
        private boolean suits(Advertisement claim, Ipv4Prefix subnet) {
            for (Ipv4Prefix own : here.self().subnets()) {
                if (own.overlaps(subnet)) {
                    return reject(claim, Reason.OWN_SUBNET, subnet + " overlaps this node's " + own);
                }
            }
            for (Ipv4Prefix connected : here.connected()) {
                if (connected.overlaps(subnet)) {
                    return reject(claim, Reason.UNDERLAY, subnet + " overlaps the connected " + connected);
                }
            }
            Ipv4 inside = forbidden.ceiling(subnet.base());
            if (inside != null && subnet.contains(inside)) {
                return reject(claim, Reason.UNDERLAY, subnet + " holds " + inside + ", a node IP or a seed");
            }
            return true;
        }

        /** Taken prefixes never overlap one another, so only the neighbours in order can overlap a new one. */
        private @org.jspecify.annotations.Nullable Ipv4Prefix overlapping(Ipv4Prefix subnet) {
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
