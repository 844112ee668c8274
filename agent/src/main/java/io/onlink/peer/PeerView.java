package io.onlink.peer;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.peer.Rejection.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The admitted peers, and the claims that were not.
 *
 * <p>Ownership of a contested prefix is a function of the set of claims alone: claims are taken in order of seniority,
 * those not ranked yet last, then by name; the first to claim an address keeps it, be it as its node IP or in a subnet.
 * Every node with the same claims decides alike, of its own claim too. The checks against this host's own surroundings
 * come after, so that they cannot change who owns what.
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
        private final TreeSet<Ipv4> nodeIps = new TreeSet<>();
        private final TreeSet<Ipv4> reserved;

        Admission(Surroundings here) {
            this.here = here;
            this.reserved = new TreeSet<>(here.reserved());
            reserved.add(here.self().nodeIp());
        }

        PeerView admit(Collection<Advertisement> claims) {
            List<Advertisement> byAge = new ArrayList<>(claims);
            byAge.add(here.self());
            byAge.sort(BY_AGE);
            Map<NodeName, Peer> peers = new TreeMap<>();
            int seen = 0;
            for (Advertisement claim : byAge) {
                if (isSelf(claim)) {
                    admitted(claim);
                } else if (++seen > MAX_MEMBERS) {
                    reject(claim, Reason.TOO_MANY, "one of more than " + MAX_MEMBERS + " members");
                } else if (claim.name().equals(here.self().name())) {
                    reject(claim, Reason.OWN_NAME, "node IP " + claim.nodeIp() + " uses the name of this node");
                } else {
                    List<Ipv4Prefix> subnets = admitted(claim);
                    if (!subnets.isEmpty()) {
                        peers.put(claim.name(), new Peer(claim.name(), claim.nodeIp(), subnets));
                    }
                }
            }
            rejections.sort(Comparator.comparing(Rejection::member).thenComparing(Rejection::text));
            return new PeerView(List.copyOf(peers.values()), rejections);
        }

        private boolean isSelf(Advertisement claim) {
            return claim.equals(here.self());
        }

        /** The subnets to be routed to; our own claim is weighed like any other, so that we agree with the others. */
        private List<Ipv4Prefix> admitted(Advertisement claim) {
            if (!hasPlace(claim)) {
                return List.of();
            }
            List<Ipv4Prefix> owned = claim.subnets().stream()
                    .filter(subnet -> owns(claim, subnet))
                    .toList();
            if (claim.nodeIp().equals(here.self().nodeIp()) && !isSelf(claim)) {
                reject(claim, Reason.NODE_IP, "node IP " + claim.nodeIp() + " is this node's");
                return List.of();
            }
            return owned.stream().filter(subnet -> suits(claim, subnet)).toList();
        }

        /** Whether the node IP is one, and neither an older peer's nor inside an older peer's subnet. */
        private boolean hasPlace(Advertisement claim) {
            Ipv4 nodeIp = claim.nodeIp();
            if (!nodeIp.isUnicast()) {
                return reject(claim, Reason.NODE_IP, "node IP " + nodeIp + " is no unicast address");
            }
            Ipv4Prefix around = overlapping(Ipv4Prefix.of(nodeIp, 32));
            if (around != null) {
                return reject(claim, Reason.NODE_IP, "node IP " + nodeIp + " is in " + around + " of an older claim");
            }
            boolean ours = nodeIp.equals(here.self().nodeIp());
            return nodeIps.add(nodeIp)
                    || reject(
                            claim,
                            Reason.NODE_IP,
                            "node IP " + nodeIp + " is " + (ours ? "this node's" : "an older peer's"));
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
            Ipv4 inside = inside(subnet, nodeIps);
            if (inside != null) {
                return reject(claim, Reason.UNDERLAY, subnet + " holds " + inside + ", a node IP");
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
            Ipv4 inside = inside(subnet, reserved);
            if (inside != null) {
                return reject(claim, Reason.UNDERLAY, subnet + " holds " + inside + ", a seed or this node's IP");
            }
            return true;
        }

        private static @Nullable Ipv4 inside(Ipv4Prefix subnet, NavigableSet<Ipv4> addresses) {
            Ipv4 first = addresses.ceiling(subnet.base());
            return first != null && subnet.contains(first) ? first : null;
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
            if (!isSelf(claim)) {
                rejections.add(new Rejection(claim.name().text(), reason, text));
            }
            return false;
        }
    }
}
