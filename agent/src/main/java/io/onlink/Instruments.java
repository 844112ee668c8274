package io.onlink;

import io.onlink.membership.AtomixMembership;
import io.onlink.membership.GossipCounters;
import io.onlink.metrics.AgentMetrics;
import io.onlink.metrics.GossipCounts;
import io.onlink.metrics.Metric;
import io.onlink.netlink.KernelMonitor;
import io.onlink.netlink.NetlinkCounts;
import io.onlink.swim.Counts;
import java.util.Map;
import java.util.stream.Collectors;

/** Where the figures come from that the parts of the agent count themselves: read when somebody scrapes, not before. */
final class Instruments {
    private static final double NANOS_PER_SECOND = 1e9;

    private final AgentMetrics metrics;

    Instruments(AgentMetrics metrics) {
        this.metrics = metrics;
        metrics.read(Metric.LOG_EVENTS, Logging::events);
    }

    void keys(Keys keys) {
        metrics.keys(keys::state);
        metrics.figure(Metric.GOSSIP_KEY_READ, keys::readSeconds);
    }

    void membership(AtomixMembership membership) {
        metrics.gossip(() -> counts(membership.counters()));
        Counts counts = membership.protocolCounts();
        counts.roundTrips(metrics::roundTrip);
        metrics.figure(Metric.MEMBERS_SUSPECTED, counts::suspects);
        metrics.read(Metric.MEMBER_EVENTS, counts::events);
        metrics.read(Metric.GOSSIP_MESSAGES, counts::messages);
        metrics.read(Metric.GOSSIP_MESSAGE_BYTES, counts::bytes);
        metrics.read(Metric.GOSSIP_PROBES, counts::probes);
        metrics.figure(Metric.GOSSIP_HEALTH_SCORE, counts::health);
        metrics.figure(Metric.GOSSIP_QUEUE_MESSAGES, counts::rumours);
        metrics.read(Metric.SEED_JOIN_ATTEMPTS, counts::knocks);
    }

    void kernel(NetlinkCounts counts, KernelMonitor monitor) {
        metrics.read(Metric.NETLINK_REQUESTS, counts::requests);
        metrics.read(Metric.NETLINK_ERRORS, counts::errors);
        metrics.figure(Metric.NETLINK_DUMP_RETRIES, counts::interruptedDumps);
        metrics.figure(Metric.NETLINK_OVERRUNS, monitor::overruns);
    }

    void loops(Agent agent, AtomixMembership membership) {
        metrics.read(Metric.LOOP_LAG, () -> {
            long now = System.nanoTime();
            return Map.of(
                    "gossip",
                    membership.protocolCounts().lag().worst(now) / NANOS_PER_SECOND,
                    "reconcile",
                    agent.lag().worst(now) / NANOS_PER_SECOND);
        });
    }

    private static GossipCounts counts(GossipCounters c) {
        return new GossipCounts(
                c.datagramsReceived(),
                c.bytesReceived(),
                c.datagramsSent(),
                c.bytesSent(),
                c.sessions(),
                c.refused().entrySet().stream()
                        .collect(Collectors.toMap(refused -> refused.getKey().label(), Map.Entry::getValue)),
                c.unknownKeys(),
                new GossipCounts.Judged(
                        c.tally().accused(), c.tally().heard(), c.tally().buried()));
    }
}
