package io.onlink.metrics;

import io.onlink.inet.Ipv4;
import io.onlink.peer.NodeName;
import io.onlink.probe.Path;
import io.onlink.probe.PathVerdict;

/** A path to h2 that is ok. */
final class OnePath {
    static final Path OK = of(2, PathVerdict.OK);

    private OnePath() {}

    static Path of(int node, PathVerdict verdict) {
        Ipv4 address = Ipv4.parse("10.42." + node + ".0");
        return new Path(
                new NodeName("h" + node), address, verdict, "", verdict == PathVerdict.OK, 1_500_000, 0.25, 1480);
    }
}
