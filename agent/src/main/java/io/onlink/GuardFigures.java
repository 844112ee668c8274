package io.onlink;

import io.onlink.guard.Guard;
import io.onlink.guard.GuardCounts;
import io.onlink.guard.Stray;
import io.onlink.metrics.Metric;
import io.onlink.metrics.PeerSeries;
import io.onlink.peer.Peer;
import io.onlink.route.KernelException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the guard has counted, read from the kernel when somebody asks. Any thread.
 *
 * <p>Where it cannot be read the last figures stand: a counter that fell to 0 and came back would be a burst to Prometheus.
 */
final class GuardFigures {
    private static final Logger LOG = LoggerFactory.getLogger(GuardFigures.class);

    private final Guard guard;
    private GuardCounts last = GuardCounts.NONE;
    private boolean readable = true;

    GuardFigures(Guard guard) {
        this.guard = guard;
    }

    /** Packets dropped, by the reason's label. */
    Map<String, Long> dropped() {
        Map<String, Long> dropped = new HashMap<>();
        counts(false).dropped().forEach((reason, packets) -> dropped.put(reason.label(), packets));
        return dropped;
    }

    /** What each of these peers sent and was sent; nothing of those that nobody counts. */
    void addTraffic(PeerSeries to, List<Peer> peers) {
        Map<?, GuardCounts.Traffic> counted = counts(true).peers();
        for (Peer peer : peers) {
            GuardCounts.Traffic traffic = counted.get(peer.nodeIp());
            if (traffic != null) {
                to.add(Metric.PEER_RECEIVE_BYTES, peer.nodeIp(), (double) traffic.receiveBytes());
                to.add(Metric.PEER_RECEIVE_PACKETS, peer.nodeIp(), (double) traffic.receivePackets());
                to.add(Metric.PEER_TRANSMIT_BYTES, peer.nodeIp(), (double) traffic.transmitBytes());
                to.add(Metric.PEER_TRANSMIT_PACKETS, peer.nodeIp(), (double) traffic.transmitPackets());
            }
        }
    }

    /** Whose packets were dropped lately; nothing if that cannot be told. */
    Set<Stray> strays() {
        try {
            return guard.strays();
        } catch (KernelException e) {
            LOG.debug("what the guard dropped lately cannot be read: {}", e.text());
            return Set.of();
        }
    }

    /** Logged when it begins that they cannot be read, not each time. */
    private synchronized GuardCounts counts(boolean peers) {
        try {
            GuardCounts now = guard.counts(peers);
            last = new GuardCounts(now.dropped(), peers ? now.peers() : last.peers());
            readable = true;
        } catch (KernelException e) {
            if (readable) {
                LOG.warn("the guard's counters cannot be read, their series stand still: {}", e.text());
            }
            readable = false;
        }
        return last;
    }
}
