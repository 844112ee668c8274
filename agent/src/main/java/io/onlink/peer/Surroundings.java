package io.onlink.peer;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import java.util.List;
import java.util.Set;

/**
 * What this host knows that a claim must not contradict.
 *
 * @param self this node's own advertisement
 * @param overlay prefixes inside which subnets may be advertised
 * @param connected prefixes of this host's links other than the tunnel and its own bridge
 * @param reserved addresses no claim may cover: seeds given as addresses
 */
public record Surroundings(
        Advertisement self, List<Ipv4Prefix> overlay, Set<Ipv4Prefix> connected, Set<Ipv4> reserved) {
    public Surroundings {
        overlay = List.copyOf(overlay);
        connected = Set.copyOf(connected);
        reserved = Set.copyOf(reserved);
    }
}
