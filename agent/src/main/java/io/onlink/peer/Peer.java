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
 * @param mtu largest packet that the path to it takes, in bytes; 0 for whatever the tunnel takes
 */
public record Peer(NodeName name, Ipv4 nodeIp, List<Ipv4Prefix> subnets, int mtu) {
    /** A peer whose path takes what the tunnel does. */
    public Peer(NodeName name, Ipv4 nodeIp, List<Ipv4Prefix> subnets) {
        this(name, nodeIp, subnets, 0);
    }

    public Peer {
        subnets = List.copyOf(subnets);
    }

    /** The same with another MTU of its path. */
    public Peer withMtu(int bytes) {
        return bytes == mtu ? this : new Peer(name, nodeIp, subnets, bytes);
    }
}
