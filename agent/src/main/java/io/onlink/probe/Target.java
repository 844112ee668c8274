package io.onlink.probe;

import io.onlink.inet.Ipv4;
import io.onlink.peer.NodeName;
import java.util.List;

/**
 * A peer to probe.
 *
 * @param name its name
 * @param addresses the base addresses of its subnets, not empty: its tunnel has one of them, mostly the first
 * @param alive whether gossip knows it to be alive
 * @param routed whether its routes are in the kernel
 * @param nodeIp the outer address that its packets should come from
 * @param mtu the MTU that its routes have from a former run, in bytes; 0 for none
 */
public record Target(NodeName name, List<Ipv4> addresses, boolean alive, boolean routed, Ipv4 nodeIp, int mtu) {
    public Target {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException(name + " has no address");
        }
    }
}
