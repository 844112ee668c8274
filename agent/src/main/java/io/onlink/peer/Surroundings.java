package io.onlink.peer;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import java.util.Set;

/**
 * What this host knows that a claim must not contradict.
 *
 * @param self this node's own advertisement
 * @param rules those of the whole mesh
 * @param connected prefixes of this host's links other than the tunnel and its own bridge
 * @param reserved addresses no claim may cover: default gateways, seeds given by address, and those given by name where a member is
 */
public record Surroundings(Advertisement self, Rules rules, Set<Ipv4Prefix> connected, Set<Ipv4> reserved) {
    public Surroundings {
        connected = Set.copyOf(connected);
        reserved = Set.copyOf(reserved);
    }
}
