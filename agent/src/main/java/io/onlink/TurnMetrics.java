package io.onlink;

import io.onlink.metrics.AgentMetrics;
import io.onlink.metrics.Gauges;
import io.onlink.metrics.Pass;
import io.onlink.peer.PeerView;
import io.onlink.peer.Rejection;
import io.onlink.route.Change;
import io.onlink.route.Failure;
import io.onlink.route.Link;
import io.onlink.route.Outcome;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts a turn of the loop. */
final class TurnMetrics {
    private final AgentMetrics metrics;
    private final String tunnel;

    TurnMetrics(AgentMetrics metrics, String tunnel) {
        this.metrics = metrics;
        this.tunnel = tunnel;
    }

    void count(Turn turn) {
        Outcome outcome = turn.outcome();
        List<Failure> failures = outcome == null ? List.of() : outcome.failures();
        Map<String, Long> applied = new HashMap<>();
        if (outcome != null) {
            outcome.applied().forEach(change -> {
                String op = operation(change);
                if (op != null) {
                    applied.merge(op, 1L, Long::sum);
                }
            });
        }
        boolean ok = outcome != null && failures.isEmpty();
        metrics.record(
                new Pass(turn.trigger(), Math.max(0, turn.nanos()), ok, applied, failures, drift(turn, applied)));
        if (turn.overrun()) {
            metrics.overrun();
        }
        metrics.gauges(gauges(turn, outcome, failures));
    }

    /** A change that no news of the mesh asked for repairs what somebody else did. */
    private static Map<String, Integer> drift(Turn turn, Map<String, Long> applied) {
        if (!turn.trigger().equals("netlink") && !turn.trigger().equals("timer")) {
            return Map.of();
        }
        Map<String, Integer> drift = new HashMap<>();
        Map.of("add", "missing", "replace", "changed", "delete", "extra").forEach((op, kind) -> {
            if (applied.containsKey(op)) {
                drift.put(kind, applied.get(op).intValue());
            }
        });
        return drift;
    }

    private Gauges gauges(Turn turn, @Nullable Outcome outcome, List<Failure> failures) {
        Status status = turn.status();
        Map<String, Integer> rejected = new HashMap<>();
        for (Rejection rejection : status.view().rejections()) {
            rejected.merge(rejection.reason().label(), 1, Integer::sum);
        }
        int mtu =
                outcome == null ? 0 : outcome.dump().link(tunnel).map(Link::mtu).orElse(0);
        int foreign = (int) failures.stream().filter(Failure::foreign).count();
        PeerView view = status.view();
        return new Gauges(
                turn.members().alive(),
                turn.members().held(),
                turn.members().guarded(),
                turn.members().left(),
                status.routesDesired(),
                status.routesInstalled(),
                status.tunnelUp(),
                mtu,
                rejected,
                foreign,
                view.peers().hashCode());
    }

    private static @Nullable String operation(Change change) {
        if (change instanceof Change.AddRoute) {
            return "add";
        }
        if (change instanceof Change.ReplaceRoute || change instanceof Change.ReplaceNexthop) {
            return "replace";
        }
        return change instanceof Change.DeleteRoute ? "delete" : null;
    }
}
