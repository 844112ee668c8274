package io.onlink.lab;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.membership.AtomixMembership;
import io.onlink.membership.GossipSettings;
import io.onlink.membership.Membership;
import io.onlink.peer.Advertisement;
import io.onlink.peer.Gossip;
import io.onlink.peer.NodeName;
import io.onlink.peer.Verdict;
import io.onlink.seal.KeyFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/** A member that says what it is told to, be it true or not. Runs until it is killed. */
final class Liar {
    private Liar() {}

    /** The command of one with this key file that listens at the address, for a host that can reach 172.31.7.1. */
    static String[] command(Path keyFile, String listen, String name, String nodeIp, String... subnets) {
        return Netns.java(
                Liar.class,
                Stream.concat(Stream.of(keyFile.toString(), listen, name, nodeIp), Stream.of(subnets))
                        .toArray(String[]::new));
    }

    public static void main(String[] args) throws Exception {
        List<Ipv4Prefix> subnets =
                Arrays.stream(args).skip(4).map(Ipv4Prefix::parse).sorted().toList();
        Advertisement lie = new Advertisement(
                new NodeName(args[2]), args[2].hashCode() | 1, 1, Ipv4.parse(args[3]), 5114, subnets, 0, "liar");
        GossipSettings gossip = new GossipSettings(
                Ipv4.parse(args[1]), 5114, List.of("172.31.7.1:5114"), lie, new KeyFile(Path.of(args[0]), null).read());
        try (AtomixMembership membership = new AtomixMembership(gossip, new Deaf())) {
            membership.start();
            new CountDownLatch(1).await();
        }
    }

    private static final class Deaf implements Membership.Listener {
        @Override
        public void gossip(Gossip snapshot) {}

        @Override
        public void probed(NodeName name, long boot, Verdict verdict) {}
    }
}
