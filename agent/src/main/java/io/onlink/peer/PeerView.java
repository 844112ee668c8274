package io.onlink.peer;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.peer.Rejection.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The admitted peers, and the claims that were not.
 *
 * <p>Who owns a contested prefix is decided first, alike on every node ({@code Ownership}). The checks against this
 * host's own surroundings come after, so that they cannot change who owns what. A claim of this node itself that lost is
 * among the rejections, too.
 *
 * @param peers by name
 * @param rejections in the order of their members
 */
public record PeerView(List<Peer> peers, List<Rejection> rejections) {
    /** Most members that are looked at; the rest is rejected. */
    public static final int MAX_MEMBERS = 10_000;

    /** No peers. */
    public static final PeerView EMPTY = new PeerView(List.of(), List.of());

    public PeerView {
        peers = List.copyOf(peers);
        rejections = List.copyOf(rejections);
    }

    /** Admits what may be admitted of the claims of other nodes. */
    public static PeerView of(Surroundings here, Collection<Advertisement> claims) {
        List<Advertisement> all = new ArrayList<>(claims);
        all.add(here.self());
        Ownership ownership =
                Ownership.of(here.rules(), all, Set.copyOf(here.self().subnets()));
        LocalCheck local = new LocalCheck(here, ownership.rejections());
        claims.forEach(local::name);
        List<Peer> peers = new ArrayList<>();
        for (Peer owner : ownership.owners().values()) {
            List<Ipv4Prefix> subnets = local.usable(owner);
            if (!subnets.isEmpty()) {
                peers.add(new Peer(owner.name(), owner.nodeIp(), subnets));
            }
        }
        local.rejections.sort(Comparator.comparing(Rejection::member).thenComparing(Rejection::text));
        return new PeerView(peers, local.rejections);
    }

    /** This host's own view: what would cut it off or is its own is refused whoever owns it. */
    private static final class LocalCheck {
        private final Surroundings here;
        private final List<Rejection> rejections;
        private final TreeSet<Ipv4> reserved;

        LocalCheck(Surroundings here, List<Rejection> rejections) {
            this.here = here;
            this.rejections = new ArrayList<>(rejections);
            this.reserved = new TreeSet<>(here.reserved());
            reserved.add(here.self().nodeIp());
        }

        void name(Advertisement claim) {
            if (claim.name().equals(here.self().name())) {
                rejections.add(new Rejection(
                        claim.name().text(),
                        Reason.OWN_NAME,
                        "node IP " + claim.nodeIp() + " uses the name of this node"));
            }
        }

        List<Ipv4Prefix> usable(Peer owner) {
            if (owner.name().equals(here.self().name())) {
                return List.of();
            }
            if (owner.nodeIp().equals(here.self().nodeIp())) {
                reject(owner, Reason.NODE_IP, "node IP " + owner.nodeIp() + " is this node's");
                return List.of();
            }
            return owner.subnets().stream()
                    .filter(subnet -> suits(owner, subnet))
                    .toList();
        }

        private boolean suits(Peer owner, Ipv4Prefix subnet) {
            for (Ipv4Prefix own : here.self().subnets()) {
                if (own.overlaps(subnet)) {
                    return reject(owner, Reason.OWN_SUBNET, subnet + " overlaps this node's " + own);
                }
            }
            for (Ipv4Prefix connected : here.connected()) {
                if (connected.overlaps(subnet)) {
                    return reject(owner, Reason.UNDERLAY, subnet + " overlaps the connected " + connected);
                }
            }
            Ipv4 inside = reserved.ceiling(subnet.base());
            if (inside != null && subnet.contains(inside)) {
                return reject(owner, Reason.UNDERLAY, subnet + " holds " + inside + ", a gateway, a seed or this host");
            }
            return true;
        }

        private boolean reject(Peer owner, Reason reason, String text) {
            rejections.add(new Rejection(owner.name().text(), reason, text));
            return false;
        }
    }
}
