package io.onlink.guard;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import java.util.ArrayList;
import java.util.List;

/** Guard tables from text. */
public final class Tables {
    private Tables() {}

    /** Of own subnets, commas between, and pairs as {@code nft} writes them. */
    public static GuardTable table(String own, String... pairs) {
        List<Pair> all = new ArrayList<>();
        for (String pair : pairs) {
            String[] parts = pair.split(" \\. ", -1);
            all.add(new Pair(Ipv4.parse(parts[0]), Ipv4Prefix.parse(parts[1])));
        }
        List<Ipv4Prefix> subnets = new ArrayList<>();
        for (String subnet : own.split(",", -1)) {
            subnets.add(Ipv4Prefix.parse(subnet));
        }
        return GuardTable.of(all, subnets);
    }

    /** So many peers, each with a subnet of its own. */
    public static GuardTable ofPeers(int count) {
        return ofPeers(count, 1);
    }

    /** So many peers, each with so many subnets of its own. */
    public static GuardTable ofPeers(int count, int subnets) {
        List<Pair> pairs = new ArrayList<>();
        for (int i = 1; i <= count * subnets; i++) {
            Ipv4 peer = new Ipv4(0x0a630000 + (i + subnets - 1) / subnets);
            pairs.add(new Pair(peer, new Ipv4Prefix(new Ipv4(0x64000000 + (i << 8)), 24)));
        }
        return GuardTable.of(pairs, List.of(Ipv4Prefix.parse("10.42.1.0/24")));
    }
}
