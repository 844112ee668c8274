package io.onlink.netlink;

import io.onlink.inet.Ipv4;
import io.onlink.route.Dump;
import io.onlink.route.KernelException;
import io.onlink.route.Link;
import io.onlink.route.Nexthop;
import io.onlink.route.Route;
import io.onlink.route.Table;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A dump with what the core needs not know: what the altered routes really are.
 *
 * @param dump for the core
 * @param altered the kernel's routes behind each altered one, several where they differ in what we never write
 */
record Snapshot(Dump dump, Map<Route, Deque<RouteMessage>> altered) {
    /** An address nobody has (TEST-NET-2 of RFC 5737), which only a default route leads to. */
    private static final Ipv4 ELSEWHERE = Ipv4.parse("198.51.100.1");

    /** Before the first dump. */
    static final Snapshot NONE = new Snapshot(new Dump(List.of(), Table.EMPTY, Set.of(), false, false), Map.of());

    /**
     * Dumps links and addresses, then nexthop objects, then routes: a route never refers to an object that came later
     * by our doing.
     */
    static Snapshot take(NetlinkConnection connection, String tunnel) throws KernelException {
        List<LinkMessage> links = links(connection);
        int oif = links.stream()
                .filter(link -> link.name().equals(tunnel))
                .mapToInt(LinkMessage::index)
                .findFirst()
                .orElse(0);
        List<Link> withAddresses = withAddresses(links, addresses(connection));

        NexthopMessage.requestDump(connection.request());
        NetlinkConnection.Answer<NexthopMessage> nexthops =
                connection.dump(Uapi.RTM_NEWNEXTHOP, NexthopMessage::decode);
        boolean supported = supported(nexthops);
        Map<Long, Nexthop> ours = new HashMap<>();
        Set<Long> foreign = new HashSet<>();
        for (NexthopMessage message : nexthops.values()) {
            if (message.isOurs()) {
                ours.put(message.id(), message.value(oif));
            } else {
                foreign.add(message.id());
            }
        }

        List<Route> routes = new ArrayList<>();
        Map<Route, Deque<RouteMessage>> altered = new HashMap<>();
        for (RouteMessage message : routes(connection)) {
            Route route = value(message, ours, oif);
            routes.add(route);
            if (!route.intact()) {
                altered.computeIfAbsent(route, any -> new ArrayDeque<>()).add(message);
            }
        }
        Table table = Table.of(routes, ours.values());
        return new Snapshot(
                new Dump(withAddresses, table, foreign, supported, gateways(connection, oif), ProcFiles.forwarding()),
                altered);
    }

    /** Asked for, not dumped: the table of a router may hold a million routes of others. */
    private static Set<Ipv4> gateways(NetlinkConnection connection, int tunnel) throws KernelException {
        List<RouteMessage> found = new ArrayList<>();
        RouteMessage.requestLookup(connection.request(), ELSEWHERE);
        Refusal refusal = connection
                .ask(message -> found.add(RouteMessage.decode(message)), RouteMessage::isUnreachable)
                .get(0);
        if (refusal != null && !RouteMessage.isUnreachable(refusal)) {
            throw refusal.of("look up the default route");
        }
        return found.stream()
                .filter(route -> route.oif() != tunnel)
                .flatMap(route -> Optional.ofNullable(route.gateway()).stream())
                .collect(Collectors.toSet());
    }

    private static List<LinkMessage> links(NetlinkConnection connection) throws KernelException {
        LinkMessage.requestDump(connection.request());
        NetlinkConnection.Answer<LinkMessage> links = connection.dump(Uapi.RTM_NEWLINK, LinkMessage::decode);
        if (links.refusal() != null) {
            throw links.refusal().of("list the links");
        }
        return links.values();
    }

    private static List<AddressMessage> addresses(NetlinkConnection connection) throws KernelException {
        AddressMessage.requestDump(connection.request());
        NetlinkConnection.Answer<AddressMessage> addresses = connection.dump(Uapi.RTM_NEWADDR, AddressMessage::decode);
        if (addresses.refusal() != null) {
            throw addresses.refusal().of("list the addresses");
        }
        return addresses.values();
    }

    private static List<Link> withAddresses(List<LinkMessage> links, List<AddressMessage> addresses) {
        // Where nobody's address says who made it, the kernel may be older than 5.18 and not keep it.
        boolean told = addresses.stream().anyMatch(address -> address.protocol() != 0);
        Map<Integer, List<Link.Address>> byIndex = new HashMap<>();
        for (AddressMessage address : addresses) {
            byIndex.computeIfAbsent(address.index(), any -> new ArrayList<>()).add(address.address(told));
        }
        return links.stream()
                .map(link -> new Link(
                        link.name(),
                        link.kind(),
                        link.mtu(),
                        link.up(),
                        byIndex.getOrDefault(link.index(), List.of()),
                        link.local(),
                        link.remote()))
                .toList();
    }

    /** Whether the kernel has nexthop objects (Linux 5.3); before, the request is refused. */
    private static boolean supported(NetlinkConnection.Answer<NexthopMessage> nexthops) throws KernelException {
        Refusal refusal = nexthops.refusal();
        if (refusal == null) {
            return true;
        }
        if (refusal.errno() == Errno.EOPNOTSUPP || refusal.errno() == Errno.EINVAL) {
            return false;
        }
        throw refusal.of("list the nexthop objects");
    }

    private static List<RouteMessage> routes(NetlinkConnection connection) throws KernelException {
        RouteMessage.requestDump(connection.request(), Route.PROTOCOL);
        NetlinkConnection.Answer<RouteMessage> routes = connection.dump(
                Uapi.RTM_NEWROUTE,
                message -> RouteMessage.isMain(message, Route.PROTOCOL) ? RouteMessage.decode(message) : null);
        Refusal refusal = routes.refusal();
        // A namespace that never had a route has no main table.
        if (refusal != null && refusal.errno() != Errno.ENOENT) {
            throw refusal.of("list the routes");
        }
        return routes.values();
    }

    /** Device and gateway of a route through an object are the object's: the kernel may leave them out of the route. */
    private static Route value(RouteMessage message, Map<Long, Nexthop> nexthops, int oif) {
        Ipv4 gateway = message.gateway();
        boolean intact = gateway != null && message.oif() == oif && (message.flags() & Uapi.RTNH_F_ONLINK) != 0;
        if (message.nexthop() != 0) {
            Nexthop nexthop = nexthops.get(message.nexthop());
            intact = nexthop != null && nexthop.intact();
            gateway = nexthop == null ? gateway : nexthop.gateway();
        }
        return new Route(
                message.dst(),
                gateway == null ? Ipv4.ANY : gateway,
                message.nexthop(),
                message.mtu(),
                intact && message.isPlain());
    }
}
