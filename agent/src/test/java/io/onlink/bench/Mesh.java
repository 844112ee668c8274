package io.onlink.bench;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.peer.Advertisement;
import io.onlink.peer.NodeName;
import io.onlink.peer.PeerView;
import io.onlink.peer.Rules;
import io.onlink.peer.Surroundings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A made-up mesh in which every peer has a gateway and a /24 of its own: peer 1 is 172.16.0.1 with 10.0.1.0/24. */
final class Mesh {
    private static final int GATEWAYS = Ipv4.parse("172.16.0.0").bits();
    private static final int SUBNETS = Ipv4.parse("10.0.0.0").bits();

    /** This host: its claim is the youngest, as that of an agent which has just started is. */
    static final Advertisement SELF = advertisement("self", "172.31.0.1", "10.255.0.0/24", 0);

    private static final Surroundings HERE = new Surroundings(
            SELF, new Rules(List.of(Ipv4Prefix.parse("10.0.0.0/8")), 8, Optional.empty()), Set.of(), Set.of());

    private Mesh() {}

    /** The advertisements of so many peers, in an order that gossip could give. */
    static List<Advertisement> advertisements(int peers) {
        List<Advertisement> all = new ArrayList<>(peers);
        for (int i = 1; i <= peers; i++) {
            all.add(advertisement("node-" + i, new Ipv4(GATEWAYS + i).toString(), subnet(i) + "/24", i));
        }
        return all;
    }

    /** The same, where the last peer has another node IP. */
    static List<Advertisement> moved(List<Advertisement> all) {
        List<Advertisement> moved = new ArrayList<>(all);
        Advertisement last = moved.remove(moved.size() - 1);
        String subnet = last.subnets().get(0).toString();
        moved.add(advertisement(last.name().text(), "172.30.0.1", subnet, last.seniority()));
        return moved;
    }

    /** The advertisements admitted as the agent would. */
    static PeerView admit(List<Advertisement> claims) {
        return PeerView.of(HERE, claims);
    }

    /** The commands that {@code ip -batch} reads to add the same plain routes. */
    static List<String> commands(int peers, String tunnel) {
        List<String> commands = new ArrayList<>(peers);
        for (int i = 1; i <= peers; i++) {
            commands.add("route add " + subnet(i) + "/24 via " + new Ipv4(GATEWAYS + i) + " dev " + tunnel
                    + " proto 114 onlink");
        }
        return commands;
    }

    private static Ipv4 subnet(int peer) {
        return new Ipv4(SUBNETS + (peer << 8));
    }

    private static Advertisement advertisement(String name, String nodeIp, String subnet, long seniority) {
        List<Ipv4Prefix> subnets = List.of(Ipv4Prefix.parse(subnet));
        return new Advertisement(new NodeName(name), 1, 1, Ipv4.parse(nodeIp), 5114, subnets, seniority, "bench");
    }
}
