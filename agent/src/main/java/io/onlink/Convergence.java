package io.onlink;

import io.onlink.inet.Ipv4Prefix;
import io.onlink.peer.Departure;
import io.onlink.route.Change;
import io.onlink.route.Failure;
import io.onlink.route.Outcome;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;

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

    /** What the last pass that tried routes was refused, with the news it is due to; empty if it is due to none. */
    private Map<Echo, OptionalLong> refused = Map.of();

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

    /**
     * A turn is over. A route that it could not write counts from the same news when it is there, the others from their
     * own; where no route could be tried, all that follows counts from the first news since.
     */
    synchronized void turn(Turn turn) {
        OptionalLong since = carried.isPresent() ? carried : since(turn);
        Outcome outcome = turn.outcome();
        if (outcome == null || !outcome.tunnelUp()) {
            carried = since;
        } else {
            carried = OptionalLong.empty();
            echoes(outcome.applied().stream())
                    .forEach(echo -> refused.getOrDefault(echo, since).ifPresent(at -> await(echo, at)));
            Map<Echo, OptionalLong> still = new HashMap<>();
            echoes(outcome.failures().stream()
                            .filter(failure -> !failure.foreign())
                            .map(Failure::change))
                    .limit(MOST)
                    .forEach(echo -> still.put(echo, refused.getOrDefault(echo, since)));
            refused = still;
        }
        early.clear();
    }

    private static Stream<Echo> echoes(Stream<Change> changes) {
        return changes.flatMap(change -> {
            if (change instanceof Change.AddRoute add) {
                return Stream.of(new Echo(add.route().dst(), true));
            }
            return change instanceof Change.DeleteRoute delete
                    ? Stream.of(new Echo(delete.route().dst(), false))
                    : Stream.empty();
        });
    }

    /** Of a member that died it is news that gossip has lost it; that its host is silent is learnt after that. */
    private static OptionalLong since(Turn turn) {
        OptionalLong lost = turn.news().departed().values().stream()
                .filter(departure -> departure.cause() == Departure.Cause.SILENT)
                .mapToLong(Departure::lostAt)
                .min();
        return lost.isPresent() ? lost : turn.news().eventAt();
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
