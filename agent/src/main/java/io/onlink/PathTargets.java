package io.onlink;

import io.onlink.inet.Ipv4Prefix;
import io.onlink.peer.Advertisement;
import io.onlink.peer.Gossip;
import io.onlink.peer.NodeName;
import io.onlink.peer.Peer;
import io.onlink.peer.PeerView;
import io.onlink.probe.Target;
import io.onlink.route.Change;
import io.onlink.route.Dump;
import io.onlink.route.Link;
import io.onlink.route.Outcome;
import io.onlink.route.Route;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What the prober is to know of a pass, and a pass of what the prober has measured. */
final class PathTargets {
    /** Before anything is measured: every route has the tunnel's MTU. */
    static final Function<NodeName, OptionalInt> TUNNEL_MTU = peer -> OptionalInt.of(0);

    private PathTargets() {}

    /** The peers with what a pass has made of their routes. */
    static List<Target> of(Outcome outcome, Gossip gossip) {
        Set<NodeName> alive = gossip.alive().stream().map(Advertisement::name).collect(Collectors.toSet());
        Set<Ipv4Prefix> missing = new HashSet<>();
        outcome.failures().forEach(failure -> {
            if (failure.change() instanceof Change.AddRoute add) {
                missing.add(add.route().dst());
            }
        });
        return outcome.view().peers().stream()
                .map(peer -> new Target(
                        peer.name(),
                        peer.subnets().stream().map(Ipv4Prefix::base).toList(),
                        alive.contains(peer.name()),
                        outcome.tunnelUp() && peer.subnets().stream().noneMatch(missing::contains),
                        peer.nodeIp(),
                        peer.mtu()))
                .toList();
    }

    /** The tunnel's MTU as the dump has it, 0 if there is no tunnel. */
    static int tunnelMtu(Outcome outcome, String tunnel) {
        return outcome.dump().link(tunnel).map(Link::mtu).orElse(0);
    }

    /** The peers with the MTU of their paths: as measured, else as a former run has left it at their routes. */
    static PeerView withMtus(PeerView view, Dump dump, Function<NodeName, OptionalInt> measured) {
        Map<Ipv4Prefix, Route> routes = new HashMap<>();
        dump.table().routes().stream().filter(Route::intact).forEach(route -> routes.put(route.dst(), route));
        List<Peer> peers = view.peers().stream()
                .map(peer -> peer.withMtu(measured.apply(peer.name()).orElseGet(() -> former(peer, routes))))
                .toList();
        return new PeerView(peers, view.rejections());
    }

    private static int former(Peer peer, Map<Ipv4Prefix, Route> routes) {
        Route route = routes.get(peer.subnets().get(0));
        return route != null && route.gateway().equals(peer.nodeIp()) ? route.mtu() : 0;
    }
}
