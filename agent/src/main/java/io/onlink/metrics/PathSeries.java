package io.onlink.metrics;

import io.onlink.probe.Path;
import io.onlink.probe.PathVerdict;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The series of the paths to peers, read at scrape time. What is not known of a path has no series. */
final class PathSeries implements PeerSource {
    private final Supplier<List<Path>> paths;

    PathSeries(Supplier<List<Path>> paths) {
        this.paths = paths;
    }

    @Override
    public void addTo(PeerSeries series) {
        for (Path path : paths.get()) {
            String peer = path.peer().text();
            // Who has not been asked yet is not down.
            if (path.up() || path.verdict() != PathVerdict.NOT_PROBED) {
                series.add(Metric.PEER_UP, peer, path.up() ? 1 : 0);
            }
            series.add(Metric.PEER_PROBE_LOSS, peer, path.loss());
            if (path.roundTripNanos() > 0) {
                series.add(Metric.PEER_RTT, peer, path.roundTripNanos() / (double) TimeUnit.SECONDS.toNanos(1));
            }
            if (path.mtu() > 0) {
                series.add(Metric.PEER_PATH_MTU, peer, path.mtu());
            }
            // Only the verdict there is now: the others would be eight series a peer that say nothing.
            series.add(Metric.PEER_VERDICT, peer, path.verdict().label(), 1);
        }
    }
}
