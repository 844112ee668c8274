package io.onlink.grant;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import java.util.List;

/**
 * What one node may claim.
 *
 * @param node its name, 1 to 63 characters of {@code A-Z a-z 0-9 . _ -}
 * @param nodeIps the node IPs it may use, ascending, 1 to {@value #MAX_NODE_IPS}
 * @param subnets prefixes that its subnets must be, or be a part of, ascending, 1 to {@value #MAX_SUBNETS}
 */
public record Grant(String node, List<Ipv4> nodeIps, List<Ipv4Prefix> subnets) {
    /** Most node IPs in one grant. */
    public static final int MAX_NODE_IPS = 8;

    /** Most prefixes in one grant; one prefix covers any number of subnets inside it. */
    public static final int MAX_SUBNETS = 16;

    /** Refuses what is no grant, with a message for people. Order and repetition of the lists do not matter. */
    public Grant {
        if (!node.matches("[A-Za-z0-9._-]{1,63}")) {
            throw new IllegalArgumentException("a grant is for a node name of 1 to 63 characters of A-Z a-z 0-9 . _ -");
        }
        nodeIps = nodeIps.stream().sorted().distinct().toList();
        subnets = subnets.stream().sorted().distinct().toList();
        if (nodeIps.isEmpty() || nodeIps.size() > MAX_NODE_IPS) {
            throw new IllegalArgumentException("a grant has 1 to " + MAX_NODE_IPS + " node IPs, not " + nodeIps.size());
        }
        if (subnets.isEmpty() || subnets.size() > MAX_SUBNETS) {
            throw new IllegalArgumentException("a grant has 1 to " + MAX_SUBNETS + " subnets, not " + subnets.size()
                    + "; a shorter prefix covers more");
        }
    }

    /** The first thing in the claim that this grant does not cover, in words; empty if it covers all of it. */
    public String excess(String name, Ipv4 nodeIp, List<Ipv4Prefix> claimed) {
        if (!name.equals(node)) {
            return "the grant is for node " + node;
        }
        if (!nodeIps.contains(nodeIp)) {
            return "the grant is for node IP " + nodeIps + ", not " + nodeIp;
        }
        return claimed.stream()
                .filter(subnet -> subnets.stream().noneMatch(granted -> granted.contains(subnet)))
                .findFirst()
                .map(subnet -> "the grant is for " + subnets + ", not " + subnet)
                .orElse("");
    }

    /** For people, on one line. */
    @Override
    public String toString() {
        return "node " + node + ", node IP " + nodeIps + ", subnets " + subnets;
    }
}
