package io.onlink;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.peer.Peer;
import io.onlink.peer.PeerView;
import io.onlink.route.Dump;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The routes a former run has left, by destination: before the first full view they stay as they are. */
final class FormerRoutes {
    private final Map<Ipv4Prefix, Ipv4> gateways = new HashMap<>();

    private FormerRoutes() {}

    /** Those of the dump that are not for what this run has seen claimed. */
    static FormerRoutes of(Dump dump, Set<Ipv4Prefix> known) {
        FormerRoutes former = new FormerRoutes();
        dump.table().routes().stream()
                .filter(route -> !known.contains(route.dst()))
                .forEach(route -> former.gateways.put(route.dst(), route.gateway()));
        return former;
    }

    /** The view without peers that claim what is routed elsewhere: its owner may only be late. */
    PeerView withoutTakers(PeerView view) {
        List<Peer> peers = view.peers().stream()
                .filter(peer -> peer.subnets().stream()
                        .map(gateways::get)
                        .allMatch(gateway -> gateway == null || gateway.equals(peer.nodeIp())))
                .toList();
        return new PeerView(peers, view.rejections());
    }
}
