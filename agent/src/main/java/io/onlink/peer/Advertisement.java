package io.onlink.peer;

import io.onlink.grant.GrantToken;
import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import java.util.List;

/**
 * What one node says of itself to every other: a claim, until it is admitted.
 *
 * @param name the node's name
 * @param boot random number of this run of its agent, never 0
 * @param generation order of the node's messages under one name: the highest is the newest, over restarts too
 * @param nodeIp where it takes IPIP packets: the gateway of its routes
 * @param gossipPort where it takes gossip, TCP and UDP, 1 to 65535
 * @param subnets the prefixes behind it, ascending, at most {@value #MAX_SUBNETS}
 * @param seniority rank of the claim to the subnets, lower is older; 0 is not ranked yet
 * @param version of its agent, for people
 * @param grant what the mesh's authority lets it claim, not verified yet
 */
public record Advertisement(
        NodeName name,
        long boot,
        long generation,
        Ipv4 nodeIp,
        int gossipPort,
        List<Ipv4Prefix> subnets,
        long seniority,
        String version,
        GrantToken grant) {
    /** Most prefixes one node may advertise. */
    public static final int MAX_SUBNETS = 64;

    /** Longest version text, in characters. */
    public static final int MAX_VERSION_LENGTH = 64;

    public Advertisement {
        if (boot == 0) {
            throw new IllegalArgumentException("boot id 0 of node " + name + " is reserved");
        }
        if (gossipPort < 1 || gossipPort > 65535) {
            throw new IllegalArgumentException("gossip port " + gossipPort + " of node " + name + " is not 1 to 65535");
        }
        if (subnets.size() > MAX_SUBNETS) {
            throw new IllegalArgumentException(
                    "node " + name + " advertises " + subnets.size() + " subnets, more than " + MAX_SUBNETS);
        }
        if (version.length() > MAX_VERSION_LENGTH || !version.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            throw new IllegalArgumentException("version text of node " + name + " is too long or not plain text");
        }
        subnets = List.copyOf(subnets);
    }

    /** Of a mesh without an authority. */
    public Advertisement(
            NodeName name,
            long boot,
            long generation,
            Ipv4 nodeIp,
            int gossipPort,
            List<Ipv4Prefix> subnets,
            long seniority,
            String version) {
        this(name, boot, generation, nodeIp, gossipPort, subnets, seniority, version, GrantToken.NONE);
    }

    /** The same with another place in the order of claims. */
    public Advertisement ranked(long newGeneration, long newSeniority) {
        return new Advertisement(name, boot, newGeneration, nodeIp, gossipPort, subnets, newSeniority, version, grant);
    }

    /** Whether the other is of another run of the same node: its name, its node IP and its subnets. */
    public boolean isRunOf(Advertisement other) {
        return name.equals(other.name) && nodeIp.equals(other.nodeIp) && subnets.equals(other.subnets);
    }

    /** Whether this message is to be believed rather than the other of the same name: newer, ties by boot id. */
    public boolean supersedes(Advertisement other) {
        return generation != other.generation
                ? Long.compareUnsigned(generation, other.generation) > 0
                : Long.compareUnsigned(boot, other.boot) > 0;
    }
}
