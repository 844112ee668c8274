package io.onlink.route;

import java.util.Collection;
import java.util.List;

/**
 * Our part of the kernel's tables: routes and nexthop objects of protocol {@value Route#PROTOCOL}, each in order.
 *
 * @param routes by destination
 * @param nexthops by id
 */
public record Table(List<Route> routes, List<Nexthop> nexthops) {
    /** Nothing of ours. */
    public static final Table EMPTY = new Table(List.of(), List.of());

    public Table {
        routes = List.copyOf(routes);
        nexthops = List.copyOf(nexthops);
    }

    /** Sorts both collections. */
    public static Table of(Collection<Route> routes, Collection<Nexthop> nexthops) {
        return new Table(
                routes.stream().sorted().toList(), nexthops.stream().sorted().toList());
    }
}
