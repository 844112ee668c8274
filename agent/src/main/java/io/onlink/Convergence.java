package io.onlink;

import io.onlink.inet.Ipv4Prefix;
import io.onlink.peer.Departure;
import io.onlink.route.Change;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * How long it takes from news of a member to the kernel's own notification of its route. The notification may come
 * before the pass that caused it is over, or after. Any thread; times are of one monotonic clock, in nanoseconds.
 */
final class Convergence {
    /** Most notifications that are remembered or waited for; beyond that there is no figure. */
    private static final int MOST = 20_000;

    private final Observer observer;
    private final Map<Echo, Long> early = new HashMap<>();
    private final Map<Echo, Long> awaited = new HashMap<>();
    private OptionalLong carried = OptionalLong.empty();

    /** Told of each route: kind is join or leave. */
    interface Observer {
        void converged(String kind, long nanos);
    }

    private record Echo(Ipv4Prefix dst, boolean there) {
        String kind() {
            return there ? "join" : "leave";
        }
    }

    Convergence(Observer observer) {
        this.observer = observer;
    }

    /** The kernel says that there is, or is no, route of ours to the destination. */
    synchronized void echoed(Ipv4Prefix dst, boolean there, long now) {
        Echo echo = new Echo(dst, there);
        Long since = awaited.remove(echo);
        if (since != null) {
            observer.converged(echo.kind(), now - since);
        } else if (early.size() < MOST) {
            early.put(echo, now);
        }
    }

    /** Notifications were lost, of those that are awaited perhaps too. */
    synchronized void overrun() {
        awaited.clear();
    }

    /** A turn is over. What it could not do counts from the same news when it is done. */
    synchronized void turn(Turn turn) {
        OptionalLong since = carried.isPresent() ? carried : since(turn);
        carried = OptionalLong.empty();
        if (since.isPresent()) {
            if (turn.outcome() == null) {
                carried = since;
            } else {
                turn.outcome().applied().forEach(change -> applied(change, since.getAsLong()));
                boolean refused = turn.outcome().failures().stream().anyMatch(failure -> !failure.foreign());
                carried = refused ? since : OptionalLong.empty();
            }
        }
        early.clear();
    }

    /** Of a member that died it is news that gossip has lost it; that its host is silent is learnt after that. */
    private static OptionalLong since(Turn turn) {
        OptionalLong lost = turn.news().departed().values().stream()
                .filter(departure -> departure.cause() == Departure.Cause.SILENT)
                .mapToLong(Departure::lostAt)
                .min();
        return lost.isPresent() ? lost : turn.news().eventAt();
    }

    private void applied(Change change, long since) {
        if (change instanceof Change.AddRoute add) {
            await(new Echo(add.route().dst(), true), since);
        } else if (change instanceof Change.DeleteRoute delete) {
            await(new Echo(delete.route().dst(), false), since);
        }
    }

    private void await(Echo echo, long since) {
        Long at = early.remove(echo);
        if (at != null) {
            observer.converged(echo.kind(), at - since);
        } else if (awaited.size() < MOST) {
            awaited.put(echo, since);
        }
    }
}
