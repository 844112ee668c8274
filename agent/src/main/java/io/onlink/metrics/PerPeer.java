package io.onlink.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The series that each peer has, up to a number of peers: a mesh of n nodes has n(n-1) of each, which a Prometheus feels.
 * Beyond that there are none, not some, and {@link Metric#PEER_SERIES_LIMITED} says so.
 */
final class PerPeer implements MultiCollector {
    /** Most peers with series of their own, unless told. */
    private static final int AUTO = 128;

    private static final Logger LOG = LoggerFactory.getLogger(PerPeer.class);

    private final List<PeerSource> sources = new CopyOnWriteArrayList<>();

    /** Those whose figures could not be had at the last scrape; logged when it begins, not each time. */
    private final Set<PeerSource> failed = new HashSet<>();

    private volatile int limit = AUTO;
    private volatile PeerSeries.Peers peers = PeerSeries.Peers.NONE;

    void limit(int most) {
        limit = most;
    }

    void source(PeerSource source) {
        sources.add(source);
    }

    void peers(List<PeerRoutes> now) {
        if (!now.equals(peers.all())) {
            peers = PeerSeries.Peers.of(now);
        }
    }

    @Override
    public synchronized MetricSnapshots collect() {
        PeerSeries.Peers now = peers;
        boolean limited = now.all().size() > limit;
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        all.metricSnapshot(GaugeSnapshot.builder()
                .name(Metric.PEER_SERIES_LIMITED.family())
                .help(Metric.PEER_SERIES_LIMITED.help())
                .dataPoint(
                        GaugeDataPointSnapshot.builder().value(limited ? 1 : 0).build())
                .build());
        if (!limited) {
            PeerSeries series = new PeerSeries(now);
            now.all().forEach(peer -> series.add(Metric.PEER_ROUTE_INSTALLED, peer.name(), peer.installed() ? 1 : 0));
            sources.forEach(source -> add(source, series));
            series.render(all);
        }
        return all.build();
    }

    private void add(PeerSource source, PeerSeries series) {
        try {
            source.addTo(series);
            failed.remove(source);
        } catch (RuntimeException e) {
            if (failed.add(source)) {
                LOG.warn("Figures of the peers cannot be had; their series are left out until they can", e);
            }
        }
    }
}
