package io.onlink;

import io.onlink.metrics.AgentMetrics;
import io.onlink.metrics.Gauges;
import io.onlink.metrics.Pass;
import io.onlink.peer.Peer;
import io.onlink.peer.PeerView;
import io.onlink.peer.Rejection;
import io.onlink.route.Change;
import io.onlink.route.Failure;
import io.onlink.route.Link;
import io.onlink.route.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Counts a turn of the loop. */
final class TurnMetrics {
    private final AgentMetrics metrics;
    private final String tunnel;
    private final Peer self;
    private List<Peer> routed = List.of();

    /** For the node that its peers know as {@code self}. */
    TurnMetrics(AgentMetrics metrics, String tunnel, Peer self) {
        this.metrics = metrics;
        this.tunnel = tunnel;
        this.self = self;
    }

    void count(Turn turn) {
        Outcome outcome = turn.outcome();
        List<Failure> failures = outcome == null ? List.of() : outcome.failures();
        List<Change> changes = outcome == null ? List.of() : outcome.applied();
        Map<String, Long> applied = new HashMap<>();
        changes.forEach(change -> {
            String op = operation(change);
            if (op != null) {
                applied.merge(op, 1L, Long::sum);
            }
        });
        boolean ok = outcome != null && failures.isEmpty();
        metrics.record(
                new Pass(turn.trigger(), Math.max(0, turn.nanos()), ok, applied, failures, drift(turn, changes)));
        if (turn.overrun()) {
            metrics.overrun();
        }
        metrics.gauges(gauges(turn, outcome, failures));
    }

    /** A change that no news of the mesh asked for repairs what somebody else did; routes only, and objects moved. */
    private Map<String, Integer> drift(Turn turn, List<Change> applied) {
        List<Peer> peers = turn.status().view().peers();
        boolean news = !peers.equals(routed);
        routed = turn.outcome() == null ? routed : peers;
        if (news || (!turn.trigger().equals("netlink") && !turn.trigger().equals("timer"))) {
            return Map.of();
        }
        Map<String, Integer> drift = new HashMap<>();
        for (Change change : applied) {
            if (change instanceof Change.AddRoute) {
                drift.merge("missing", 1, Integer::sum);
            } else if (change instanceof Change.DeleteRoute) {
                drift.merge("extra", 1, Integer::sum);
            } else if ("replace".equals(operation(change))) {
                drift.merge("changed", 1, Integer::sum);
            }
        }
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
        int foreign = (int) failures.stream()
                .filter(failure -> failure.foreign() && failure.change() instanceof Change.AddRoute)
                .count();
        PeerView view = status.view();
        return new Gauges(
                turn.members().alive(),
                turn.members().held(),
                turn.members().left(),
                status.routesDesired(),
                status.routesInstalled(),
                status.tunnelUp(),
                mtu,
                rejected,
                foreign,
                hash(view));
    }

    /** FNV-1a, 64 bits, of all nodes in the order of their names, this one among them: each node has the same list. */
    private long hash(PeerView view) {
        String text = Stream.concat(view.peers().stream(), Stream.of(self))
                .sorted(Comparator.comparing(Peer::name))
                .map(peer -> peer.name() + " " + peer.nodeIp() + " " + peer.subnets() + "\n")
                .collect(Collectors.joining());
        long hash = 0xcbf29ce484222325L;
        for (byte octet : text.getBytes(StandardCharsets.US_ASCII)) {
            hash = (hash ^ octet) * 0x100000001b3L;
        }
        return hash;
    }

    private static @Nullable String operation(Change change) {
        if (change instanceof Change.AddRoute || change instanceof Change.AddNexthop) {
            return "add";
        }
        if (change instanceof Change.ReplaceRoute || change instanceof Change.ReplaceNexthop) {
            return "replace";
        }
        return change instanceof Change.DeleteRoute || change instanceof Change.DeleteNexthop ? "delete" : null;
    }
}
