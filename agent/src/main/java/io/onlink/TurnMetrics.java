package io.onlink;

import io.onlink.inet.Ipv4Prefix;
import io.onlink.metrics.AgentMetrics;
import io.onlink.metrics.Gauges;
import io.onlink.metrics.Pass;
import io.onlink.metrics.PeerRoutes;
import io.onlink.peer.Rejection;
import io.onlink.route.Change;
import io.onlink.route.Failure;
import io.onlink.route.Link;
import io.onlink.route.Outcome;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Counts a turn of the loop. */
final class TurnMetrics {
    private final AgentMetrics metrics;
    private final String tunnel;
    private int mtu;
    private int conflicts;

    TurnMetrics(AgentMetrics metrics, String tunnel) {
        this.metrics = metrics;
        this.tunnel = tunnel;
    }

    void count(Turn turn) {
        Outcome outcome = turn.outcome();
        List<Failure> failures = outcome == null ? List.of() : outcome.failures();
        Map<String, Long> applied = new HashMap<>();
        if (outcome != null) {
            outcome.applied().stream()
                    .map(Change::operation)
                    .filter(op -> !op.isEmpty())
                    .forEach(op -> applied.merge(op, 1L, Long::sum));
        }
        boolean ok = outcome != null && failures.stream().allMatch(Failure::foreign);
        metrics.record(
                new Pass(turn.trigger(), Math.max(0, turn.nanos()), ok, applied, failures, drift(turn.repairs())));
        if (turn.overrun()) {
            metrics.resync();
        }
        if (outcome != null) {
            mtu = outcome.dump().link(tunnel).map(Link::mtu).orElse(0);
            conflicts = (int) failures.stream().filter(Failure::foreign).count();
            metrics.peers(peers(outcome, failures));
        }
        metrics.gauges(gauges(turn));
    }

    private static List<PeerRoutes> peers(Outcome outcome, List<Failure> failures) {
        Set<Ipv4Prefix> out = new HashSet<>();
        for (Failure failure : failures) {
            if (failure.change() instanceof Change.AddRoute add) {
                out.add(add.route().dst());
            } else if (failure.change() instanceof Change.ReplaceRoute replace) {
                out.add(replace.after().dst());
            }
        }
        return outcome.view().peers().stream()
                .map(peer -> new PeerRoutes(
                        peer.name().text(),
                        peer.nodeIp(),
                        outcome.tunnelUp() && peer.subnets().stream().noneMatch(out::contains)))
                .toList();
    }

    /** Routes that were not as the last pass had left them, though nothing new was wanted. */
    private static Map<String, Integer> drift(List<Change> repairs) {
        Map<String, Integer> drift = new HashMap<>();
        for (Change change : repairs) {
            String kind = change instanceof Change.AddRoute
                    ? "missing"
                    : change instanceof Change.DeleteRoute
                            ? "extra"
                            : change.operation().equals("replace") ? "changed" : "";
            if (!kind.isEmpty()) {
                drift.merge(kind, 1, Integer::sum);
            }
        }
        return drift;
    }

    /** Of the kernel, where it could not be read, what was known last. */
    private Gauges gauges(Turn turn) {
        Status status = turn.status();
        Map<String, Integer> rejected = new HashMap<>();
        for (Rejection rejection : status.view().rejections()) {
            rejected.merge(rejection.reason().label(), 1, Integer::sum);
        }
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
                conflicts,
                status.viewHash());
    }
}
