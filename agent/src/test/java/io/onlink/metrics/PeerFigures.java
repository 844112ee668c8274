package io.onlink.metrics;

/** A source of every per-peer series there is, each at 0. */
final class PeerFigures {
    private PeerFigures() {}

    static PeerSource of(String... peers) {
        return series -> {
            for (Metric metric : Metric.values()) {
                if (metric.series().startsWith("onlink_peer_")
                        && !metric.labels().isEmpty()) {
                    for (String peer : peers) {
                        add(series, metric, peer);
                    }
                }
            }
        };
    }

    private static void add(PeerSeries series, Metric metric, String peer) {
        if (metric.labels().size() == 1) {
            series.add(metric, peer, 0);
        } else {
            series.add(metric, peer, metric.labels().get(1).name(), 0);
        }
    }
}
