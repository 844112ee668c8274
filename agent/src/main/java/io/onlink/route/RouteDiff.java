package io.onlink.route;

import io.onlink.inet.Ipv4Prefix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The steps from what is to what should be: a pure function. */
public final class RouteDiff {
    private RouteDiff() {}

    /**
     * Nexthop objects before the routes through them, and after them when they go. What nobody wants goes last. Equal
     * tables give no step.
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
        for (Route route : routes(actual, desired, changes)) {
            if (mayDelete.test(route.dst())) {
                changes.add(new Change.DeleteRoute(route));
            } else {
                spareNexthops.remove(route.nexthop());
            }
        }
        spareNexthops.values().forEach(nexthop -> changes.add(new Change.DeleteNexthop(nexthop)));
        return changes;
    }

    /** Gives the routes of destinations that nobody wants. */
    private static List<Route> routes(Table actual, Table desired, List<Change> changes) {
        Map<Ipv4Prefix, List<Route>> have = new LinkedHashMap<>();
        actual.routes()
                .forEach(route -> have.computeIfAbsent(route.dst(), any -> new ArrayList<>(1))
                        .add(route));
        for (Route want : desired.routes()) {
            List<Route> found = have.remove(want.dst());
            if (found == null) {
                changes.add(new Change.AddRoute(want));
            } else {
                destination(found, want, changes);
            }
        }
        return have.values().stream().flatMap(List::stream).toList();
    }

    /**
     * Several routes of one destination differ in metric, tos or path; one of them at most stays. The others go first,
     * for one of them may have the key that is to be written. An altered one is not replaced but deleted: its own key
     * may be another, so that a replacement would miss it.
     */
    private static void destination(List<Route> found, Route want, List<Change> changes) {
        Optional<Route> stays = found.stream()
                .filter(is -> fits(is, want))
                .findFirst()
                .or(() -> found.stream().filter(Route::intact).findFirst());
        found.stream()
                .filter(is -> stays.isEmpty() || !is.equals(stays.get()))
                .forEach(is -> changes.add(new Change.DeleteRoute(is)));
        if (stays.isEmpty()) {
            changes.add(new Change.AddRoute(want));
        } else if (!fits(stays.get(), want)) {
            changes.add(new Change.ReplaceRoute(stays.get(), want));
        }
    }

    /** The gateway of a route through a nexthop object is that object's affair. */
    private static boolean fits(Route is, Route want) {
        return is.equals(want)
                || (is.intact() && want.nexthop() != 0 && is.nexthop() == want.nexthop() && is.mtu() == want.mtu());
    }
}
