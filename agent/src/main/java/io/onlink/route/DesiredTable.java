package io.onlink.route;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.peer.Peer;
import io.onlink.peer.PeerView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What should be in the kernel for a view of the mesh: a pure function of the view and the kernel's own dump. */
public final class DesiredTable {
    /** First id tried for a nexthop object of ours; far from the low ids other daemons count up from. */
    static final long FIRST_NEXTHOP = 114_000_001L;

    /** No id: the kernel gives none that is 0. */
    private static final long NONE = 0;

    private DesiredTable() {}

    /** A plain onlink route for every subnet of every peer. */
    public static Table plain(PeerView view) {
        List<Route> routes = new ArrayList<>();
        for (Peer peer : view.peers()) {
            peer.subnets()
                    .forEach(subnet ->
                            routes.add(Route.plain(subnet, peer.nodeIp()).withMtu(peer.mtu())));
        }
        return Table.of(routes, List.of());
    }

    /**
     * A nexthop object for every peer and a route through it for every subnet.
     *
     * <p>A peer keeps the object it has: the one with its gateway, else the one its routes run through now, so that a
     * change of its node IP is one replacement which moves all its routes at once. An altered object is not kept: it may
     * be a group, which the kernel turns into nothing else. New ids avoid all that are taken.
     */
    public static Table throughNexthops(PeerView view, Dump dump) {
        List<Peer> peers = List.copyOf(view.peers());
        long[] ids = new long[peers.size()];
        Set<Long> used = new HashSet<>(dump.foreignNexthops());
        Table intact = new Table(
                dump.table().routes(),
                dump.table().nexthops().stream().filter(Nexthop::intact).toList());
        keepByGateway(peers, intact.nexthops(), ids, used);
        keepByRoute(peers, intact, ids, used);
        long next = FIRST_NEXTHOP;
        List<Route> routes = new ArrayList<>();
        List<Nexthop> nexthops = new ArrayList<>();
        dump.table().nexthops().forEach(nexthop -> used.add(nexthop.id()));
        for (int i = 0; i < ids.length; i++) {
            Peer peer = peers.get(i);
            if (ids[i] == NONE) {
                while (!used.add(next)) {
                    next++;
                }
                ids[i] = next;
            }
            Nexthop nexthop = new Nexthop(ids[i], peer.nodeIp(), true);
            nexthops.add(nexthop);
            peer.subnets()
                    .forEach(subnet -> routes.add(Route.through(subnet, nexthop).withMtu(peer.mtu())));
        }
        return Table.of(routes, nexthops);
    }

    private static void keepByGateway(List<Peer> peers, List<Nexthop> nexthops, long[] ids, Set<Long> used) {
        Map<Ipv4, Long> byGateway = new HashMap<>();
        nexthops.forEach(nexthop -> byGateway.putIfAbsent(nexthop.gateway(), nexthop.id()));
        for (int i = 0; i < ids.length; i++) {
            Long id = byGateway.get(peers.get(i).nodeIp());
            if (id != null && used.add(id)) {
                ids[i] = id;
            }
        }
    }

    private static void keepByRoute(List<Peer> peers, Table table, long[] ids, Set<Long> used) {
        if (table.nexthops().isEmpty() || Arrays.stream(ids).noneMatch(id -> id == NONE)) {
            return;
        }
        Map<Ipv4Prefix, Long> byDst = new HashMap<>();
        Map<Long, List<Ipv4Prefix>> carried = new HashMap<>();
        table.nexthops().forEach(nexthop -> carried.put(nexthop.id(), new ArrayList<>(1)));
        for (Route route : table.routes()) {
            byDst.put(route.dst(), route.nexthop());
            List<Ipv4Prefix> all = carried.get(route.nexthop());
            if (all != null) {
                all.add(route.dst());
            }
        }
        for (int i = 0; i < ids.length; i++) {
            Peer peer = peers.get(i);
            Long id = byDst.get(peer.subnets().get(0));
            if (id == null || ids[i] != NONE) {
                continue;
            }
            List<Ipv4Prefix> all = carried.get(id);
            // An object that carries another's subnets too would take them to this peer.
            if (all != null && peer.subnets().containsAll(all) && used.add(id)) {
                ids[i] = id;
            }
        }
    }
}
