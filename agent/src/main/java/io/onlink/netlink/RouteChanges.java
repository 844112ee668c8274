package io.onlink.netlink;

import io.onlink.route.Change;
import io.onlink.route.Failure;
import io.onlink.route.KernelException;
import io.onlink.route.Nexthop;
import io.onlink.route.Route;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes changes of routes and nexthop objects, many at a time; what the kernel refuses is matched by sequence. Netlink
 * goes on after a refusal, so what may only be done if something else was is sent when that has been answered.
 */
final class RouteChanges {
    private static final int ADD = Uapi.NLM_F_CREATE | Uapi.NLM_F_EXCL;
    private static final int APPEND = Uapi.NLM_F_CREATE | Uapi.NLM_F_APPEND;
    private static final int REPLACE = Uapi.NLM_F_CREATE | Uapi.NLM_F_REPLACE;

    private final NetlinkConnection connection;
    private final Map<Route, Deque<RouteMessage>> altered;
    private final int oif;
    private final List<Failure> failures;

    /** The change of each message written. */
    private final List<Change> written = new ArrayList<>();

    /** Nexthop objects of routes that stay because what was to replace them was refused. */
    private final Set<Long> kept = new HashSet<>();

    private @Nullable MessageWriter writer;

    /** A foreign route of each nexthop object that has one, once there is an object to delete. */
    private @Nullable Map<Long, RouteMessage> users;

    /** Whether those of altered objects, which may go out of any link, are among them. */
    private boolean allUsers;

    RouteChanges(NetlinkConnection connection, Snapshot last, int oif, List<Failure> failures) {
        this.connection = connection;
        this.altered = last.altered();
        this.oif = oif;
        this.failures = failures;
    }

    static boolean takes(Change change) {
        return change instanceof Change.AddRoute
                || change instanceof Change.ReplaceRoute
                || change instanceof Change.DeleteRoute
                || change instanceof Change.AddNexthop
                || change instanceof Change.ReplaceNexthop
                || change instanceof Change.DeleteNexthop;
    }

    void add(Change change) throws KernelException {
        if (change instanceof Change.DeleteNexthop delete) {
            String use = use(delete.nexthop());
            if (!use.isEmpty()) {
                failures.add(new Refusal(Errno.EBUSY, use).of(change));
                return;
            }
        }
        if (writer == null) {
            writer = connection.request();
        }
        write(writer, change);
        written.add(change);
        if (writer.count() >= NetlinkConnection.BATCH) {
            flush();
        }
    }

    /**
     * Sends what is written and waits until the kernel has done it; then likewise the deletions of what was replaced, of
     * those alone whose replacement is there.
     */
    void flush() throws KernelException {
        if (written.isEmpty()) {
            return;
        }
        Map<Integer, Refusal> refusals = connection.exchange(message -> null);
        List<Change.ReplaceRoute> replaced = new ArrayList<>();
        for (int place = 0; place < written.size(); place++) {
            Change change = written.get(place);
            Refusal refusal = refusals.get(place);
            if (refusal != null && !isDone(change, refusal.errno())) {
                failures.add(refusal.of(change));
            }
            if (change instanceof Change.ReplaceRoute replace) {
                // EEXIST: that very route is there already.
                if (refusal == null || refusal.errno() == Errno.EEXIST) {
                    replaced.add(replace);
                } else {
                    kept.add(replace.before().nexthop());
                }
            }
        }
        written.clear();
        writer = null;
        deleteReplaced(replaced);
    }

    private void deleteReplaced(List<Change.ReplaceRoute> replaced) throws KernelException {
        if (replaced.isEmpty()) {
            return;
        }
        MessageWriter to = connection.request();
        replaced.forEach(replace -> real(replace.before()).writeDelete(to));
        connection.exchange(message -> null).forEach((place, refusal) -> {
            if (refusal.errno() != Errno.ESRCH) {
                failures.add(refusal.of(replaced.get(place)));
            }
        });
    }

    /** What still runs through the object and would go with it, for people; nothing if it may go. */
    private String use(Nexthop nexthop) throws KernelException {
        if (written.stream().anyMatch(Change.ReplaceRoute.class::isInstance)) {
            flush();
        }
        if (kept.contains(nexthop.id())) {
            return "a route runs through it whose replacement was refused";
        }
        RouteMessage user = foreignUser(nexthop);
        return user == null
                ? ""
                : "the foreign route " + user.dst() + " (protocol " + user.protocol() + ", table " + user.table()
                        + ") runs through it and would go too; delete that route first";
    }

    /**
     * A route through the object that is not ours, if there is any. The kernel would delete it with the object without a
     * word, and our own dumps do not show it.
     */
    private @Nullable RouteMessage foreignUser(Nexthop nexthop) throws KernelException {
        Map<Long, RouteMessage> known = users;
        if (known == null || (!nexthop.intact() && !allUsers)) {
            flush();
            allUsers = !nexthop.intact();
            known = foreignUsers(allUsers ? 0 : oif);
            users = known;
        }
        return known.get(nexthop.id());
    }

    private Map<Long, RouteMessage> foreignUsers(int device) throws KernelException {
        RouteMessage.requestDumpOfAll(connection.request(), device);
        NetlinkConnection.Answer<RouteMessage> routes = connection.dump(
                Uapi.RTM_NEWROUTE,
                message -> RouteMessage.isMain(message, Route.PROTOCOL) ? null : RouteMessage.decode(message));
        Refusal refusal = routes.refusal();
        if (refusal != null) {
            throw refusal.of("list the routes of others");
        }
        Map<Long, RouteMessage> found = new HashMap<>();
        routes.values().forEach(route -> found.putIfAbsent(route.nexthop(), route));
        return found;
    }

    /** What is to be gone is gone already. */
    private static boolean isDone(Change change, int errno) {
        return switch (errno) {
            case Errno.ESRCH -> change instanceof Change.DeleteRoute;
            case Errno.ENOENT -> change instanceof Change.DeleteNexthop;
            default -> false;
        };
    }

    private void write(MessageWriter to, Change change) {
        if (change instanceof Change.AddRoute add) {
            writeRoute(to, ADD, add.route());
        } else if (change instanceof Change.ReplaceRoute replace) {
            // NLM_F_REPLACE takes the first route of that key, which may be a foreign one put before ours.
            writeRoute(to, APPEND, replace.after());
        } else if (change instanceof Change.DeleteRoute delete) {
            real(delete.route()).writeDelete(to);
        } else if (change instanceof Change.AddNexthop add) {
            NexthopMessage.write(to, ADD, add.nexthop(), oif);
        } else if (change instanceof Change.ReplaceNexthop replace) {
            NexthopMessage.write(to, REPLACE, replace.after(), oif);
        } else if (change instanceof Change.DeleteNexthop delete) {
            NexthopMessage.writeDelete(to, delete.nexthop().id());
        }
    }

    private void writeRoute(MessageWriter to, int flags, Route route) {
        if (route.nexthop() == 0) {
            RouteMessage.writePlain(to, flags, route, oif);
        } else {
            RouteMessage.writeThrough(to, flags, route);
        }
    }

    /** The kernel's route behind ours; of several alike each in turn, so that deleting each deletes all. */
    private RouteMessage real(Route route) {
        Deque<RouteMessage> found = altered.get(route);
        if (found == null || found.isEmpty()) {
            return RouteMessage.of(route, oif);
        }
        RouteMessage first = found.removeFirst();
        found.addLast(first);
        return first;
    }
}
