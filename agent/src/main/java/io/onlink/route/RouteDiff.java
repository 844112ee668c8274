package io.onlink.route;

import io.onlink.inet.Ipv4Prefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** The steps from what is to what should be: a pure function. */
public final class RouteDiff {
    private RouteDiff() {}

    /**
     * Adds and replacements first, deletions last; a nexthop object before the routes through it, and after them when it
     * goes. Equal tables give no step.
     *
     * @param mayDelete which leftover destinations may go; the rest are kept, with the objects they run through
     */
    public static List<Change> between(Table actual, Table desired, Predicate<Ipv4Prefix> mayDelete) {
        Map<Long, Nexthop> spareNexthops = new LinkedHashMap<>();
        actual.nexthops().forEach(nexthop -> spareNexthops.put(nexthop.id(), nexthop));
        List<Change> changes = new ArrayList<>();
        for (Nexthop want : desired.nexthops()) {
            Nexthop have = spareNexthops.remove(want.id());
            if (have == null) {
                changes.add(new Change.AddNexthop(want));
            } else if (!have.equals(want)) {
                changes.add(new Change.ReplaceNexthop(have, want));
            }
        }
        List<Route> spareRoutes = routes(actual, desired, changes);
        Set<Ipv4Prefix> wanted = new HashSet<>();
        desired.routes().forEach(route -> wanted.add(route.dst()));
        for (Route route : spareRoutes) {
            if (wanted.contains(route.dst()) || mayDelete.test(route.dst())) {
                changes.add(new Change.DeleteRoute(route));
            } else {
                spareNexthops.remove(route.nexthop());
            }
        }
        spareNexthops.values().forEach(nexthop -> changes.add(new Change.DeleteNexthop(nexthop)));
        return changes;
    }

    private static List<Route> routes(Table actual, Table desired, List<Change> changes) {
        Map<Ipv4Prefix, Route> have = new HashMap<>();
        List<Route> spare = new ArrayList<>();
        for (Route route : actual.routes()) {
            Route first = have.putIfAbsent(route.dst(), route);
            if (first != null) { // the same destination twice: another metric or tos, so one of them is altered
                have.put(route.dst(), first.intact() ? first : route);
                spare.add(first.intact() ? route : first);
            }
        }
        for (Route want : desired.routes()) {
            Route is = have.remove(want.dst());
            if (is == null) {
                changes.add(new Change.AddRoute(want));
            } else if (!is.intact()) {
                changes.add(new Change.DeleteRoute(is)); // its FIB key may be another, so a replacement could miss it
                changes.add(new Change.AddRoute(want));
            } else if (want.nexthop() != is.nexthop() || (want.nexthop() == 0 && !want.equals(is))) {
                changes.add(new Change.ReplaceRoute(is, want));
            }
        }
        spare.addAll(have.values().stream().sorted().toList());
        return spare;
    }
}
