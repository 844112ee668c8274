package io.onlink.peer;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import java.util.List;

/**
 * A node that is routed to: its claims have been admitted.
 *
 * @param name its name
 * @param nodeIp the gateway of its routes
 * @param subnets the admitted prefixes, ascending, not empty
 */
public record Peer(NodeName name, Ipv4 nodeIp, List<Ipv4Prefix> subnets) {
    public Peer {
        subnets = List.copyOf(subnets);
    }
}
