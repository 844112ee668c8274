package io.onlink.host;

import io.onlink.host.Obstacle.Kind;
import io.onlink.inet.Ipv4;
import io.onlink.netlink.HookChain;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** From facts to obstacles: a pure function. */
public final class HostCheck {
    /** {@code rp_filter}: the answer must leave by the link that the packet came by (RFC 3704 section 2.2). */
    static final int STRICT = 1;

    /** From here on the table of connection tracking is said to be all but full, in percent. */
    static final int FULL = 95;

    private HostCheck() {}

    /**
     * The effective {@code rp_filter}: the kernel takes the greater of the link's own and {@code all}'s, so loose (2)
     * beats strict (1).
     */
    public static int effective(int all, int own) {
        return Math.max(all, own);
    }

    /** What stands in the way, in an order that stays the same. */
    public static List<Obstacle> obstacles(Facts facts) {
        List<Obstacle> obstacles = new ArrayList<>();
        new TreeMap<>(facts.forwarding()).forEach((link, on) -> {
            if (on == 0) {
                obstacles.add(new Obstacle(
                        Kind.FORWARDING,
                        "net.ipv4.conf." + link + ".forwarding is 0: what comes in by " + link
                                + " is not passed on; set it to 1, or ip-forward to true"));
            }
        });
        // Strict filtering on the tunnel itself is no obstacle: a peer's packets come by where its route goes.
        if (facts.underlayFilter() == STRICT) {
            new TreeMap<Ipv4, String>(facts.detours())
                    .entrySet().stream().limit(1).forEach(detour -> obstacles.add(strict(facts, detour)));
        }
        new TreeMap<Ipv4, Ipv4>(facts.sources())
                .entrySet().stream().limit(1).forEach(source -> obstacles.add(source(facts, source)));
        if (facts.tracked() >= FULL) {
            obstacles.add(new Obstacle(
                    Kind.CONNTRACK,
                    "connection tracking has room for less than one in twenty more connections, and drops what it has none"
                            + " for; raise net.netfilter.nf_conntrack_max"));
        }
        for (HookChain chain : facts.chains()) {
            obstacles.add(chain.forward() ? forward(facts, chain) : input(chain));
        }
        if (facts.legacyFilter()) {
            obstacles.add(new Obstacle(
                    Kind.FIREWALL_FORWARD,
                    "the older iptables has a filter table here: see with 'iptables-legacy -S' that INPUT accepts protocol"
                            + " 4 and FORWARD what goes in or out by " + facts.tunnel()));
        }
        return obstacles;
    }

    private static Obstacle strict(Facts facts, Map.Entry<Ipv4, String> detour) {
        String where = facts.underlay();
        return new Obstacle(
                Kind.RP_FILTER,
                "rp_filter is strict on " + where + " (1, the greater of net.ipv4.conf.all and net.ipv4.conf." + where
                        + "), and the route to the peer's node IP " + detour.getKey() + " leaves by "
                        + detour.getValue()
                        + ": what it sends to " + where + " is dropped; set net.ipv4.conf." + where
                        + ".rp_filter to 2");
    }

    private static Obstacle source(Facts facts, Map.Entry<Ipv4, Ipv4> source) {
        return new Obstacle(
                Kind.SOURCE,
                "what " + facts.tunnel() + " sends to the peer at " + source.getKey() + " leaves with the source "
                        + source.getValue()
                        + " and not with the node IP: the peer's packet guard drops it; set node-ip to "
                        + source.getValue() + ", or give the route to " + source.getKey() + " the node IP as its src");
    }

    private static Obstacle forward(Facts facts, HookChain chain) {
        String what = chain.named()
                ? " has a rule that drops what goes in or out by " + facts.tunnel() + ": it"
                : " drops what it forwards by no rule of its own: it";
        return new Obstacle(
                Kind.FIREWALL_FORWARD,
                "the firewall chain " + chain + what + " must accept what goes in or out by " + facts.tunnel()
                        + " (such as: nft insert rule " + chain + " iifname " + facts.tunnel()
                        + " accept; and oifname likewise)");
    }

    private static Obstacle input(HookChain chain) {
        String what = chain.named()
                ? " has a rule that drops protocol 4, IPIP: it must accept that from the peers"
                : " drops what comes to this host by no rule of its own: it must accept IPIP from the peers";
        return new Obstacle(
                Kind.FIREWALL_INPUT,
                "the firewall chain " + chain + what + " (such as: nft insert rule " + chain
                        + " ip protocol 4 accept) and the gossip port, TCP and UDP");
    }
}
