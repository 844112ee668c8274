package io.onlink.probe;

import io.onlink.inet.Ipv4;
import io.onlink.peer.NodeName;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * The way to a peer as it was measured.
 *
 * @param peer its name
 * @param address of its tunnel
 * @param verdict in one word
 * @param text in words for people
 * @param up whether small packets are answered
 * @param roundTripNanos smoothed; 0 if none was measured
 * @param loss share of the last probes, up to {@value Course#WINDOW}, that were not answered: 0 to 1
 * @param mtu largest packet that passes to the peer, in bytes; 0 if none was measured
 */
public record Path(
        NodeName peer,
        Ipv4 address,
        PathVerdict verdict,
        String text,
        boolean up,
        long roundTripNanos,
        double loss,
        int mtu) {
    /** The same path, of which nothing can be known now. */
    public Path unknown(String why) {
        return new Path(peer, address, PathVerdict.NOT_PROBED, "not probed: " + why, false, 0, 0, 0);
    }

    /** One line: peer, round trip, loss, MTU, verdict. */
    @Override
    public String toString() {
        String roundTrip = roundTripNanos == 0
                ? "-"
                : String.format(Locale.ROOT, "%.1f ms", roundTripNanos / (double) TimeUnit.MILLISECONDS.toNanos(1));
        return String.format(
                Locale.ROOT,
                "%s %s rtt %s loss %.0f%% mtu %s: %s",
                peer,
                address,
                roundTrip,
                loss * 100,
                mtu == 0 ? "-" : Integer.toString(mtu),
                text);
    }
}
