package io.onlink.route;

import io.onlink.inet.Ipv4;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One look at the kernel, whole: an interrupted or short dump is never one of these.
 *
 * @param links every link of the namespace
 * @param table what is ours
 * @param foreignNexthops ids of nexthop objects that are not ours
 * @param nexthopObjects whether the kernel has nexthop objects
 * @param gateways of this host's default route, where that does not go by the tunnel
 * @param forwarding {@code net.ipv4.ip_forward}
 */
public record Dump(
        List<Link> links,
        Table table,
        Set<Long> foreignNexthops,
        boolean nexthopObjects,
        Set<Ipv4> gateways,
        boolean forwarding) {
    public Dump {
        links = List.copyOf(links);
        foreignNexthops = Set.copyOf(foreignNexthops);
        gateways = Set.copyOf(gateways);
    }

    /** Of a host without a default route. */
    public Dump(List<Link> links, Table table, Set<Long> foreignNexthops, boolean nexthopObjects, boolean forwarding) {
        this(links, table, foreignNexthops, nexthopObjects, Set.of(), forwarding);
    }

    /** The link of that name. */
    public Optional<Link> link(String name) {
        return links.stream().filter(link -> link.name().equals(name)).findFirst();
    }
}
