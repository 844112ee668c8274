package io.onlink.netlink;

import io.onlink.guard.DropReason;
import io.onlink.netlink.NftExpression.Compare;
import io.onlink.netlink.NftExpression.Comparison;
import io.onlink.netlink.NftExpression.Count;
import io.onlink.netlink.NftExpression.InputLink;
import io.onlink.netlink.NftExpression.Load;
import io.onlink.netlink.NftExpression.Lookup;
import io.onlink.netlink.NftExpression.Mask;
import io.onlink.netlink.NftExpression.Remember;
import io.onlink.netlink.NftExpression.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The guard's table but for its elements: what {@code nft list table ip onlink} shows.
 *
 * <p>The chain {@code outer} sees what is addressed to this host before it is decapsulated, put together from its
 * fragments; {@code inner} what came out of the tunnel, before connection tracking; {@code sent} what leaves, to count it.
 *
 * @param chains by name
 * @param rules in their chains' order
 */
record NftLayout(List<Chain> chains, List<NftRule> rules) {
    /** Peers' node IPs with the prefixes behind them. */
    static final NftSet PAIRS = new NftSet("pairs", true, true, false, false);

    /** Peers' node IPs. */
    static final NftSet PEERS = new NftSet("peers", false, false, false, false);

    /** Peers' node IPs; counts what was let in, so that a peer's count outlives a change of the prefixes behind it. */
    static final NftSet RECEIVED = new NftSet("received_from", false, false, true, false);

    /** Peers' node IPs; counts what was sent. */
    static final NftSet SENT = new NftSet("sent_to", false, false, true, false);

    /** This node's subnets. */
    static final NftSet OWN = new NftSet("own", false, true, false, false);

    /** Outer and inner sources of what was dropped lately, for that says which peer's packets they are. */
    static final NftSet STRAYS = new NftSet("strays", true, false, false, true);

    static final List<NftSet> SETS = List.of(PAIRS, PEERS, RECEIVED, SENT, OWN, STRAYS);

    /** Each of them holds the node IPs of all pairs. */
    static final List<NftSet> OF_PEERS = List.of(PEERS, RECEIVED, SENT);

    /** Chains, sets and counters: as many as the kernel says use the table. */
    static final int PARTS = 3 + SETS.size() + DropReason.values().length;

    /** Before a host firewall's filter chains, which stand at 0. */
    private static final int BEFORE_FILTER = -10;

    /** Before connection tracking, which stands at -200. */
    private static final int RAW = -300;

    /** After them, so that what is dropped on its way out is not counted. */
    private static final int AFTER_ALL = 300;

    private static final int IPIP = 4;

    /** Words of an IPv4 header without options. */
    private static final int NO_OPTIONS = 5;

    /** The version where the first octet has it. */
    private static final int VERSION_4 = 0x40;

    private static final Mask LENGTH = new Mask(0x0f);
    private static final Mask VERSION = new Mask(0xf0);
    private static final Load FIRST = new Load(0, 1, NftUapi.NFT_REG_1);
    private static final Load PROTOCOL = new Load(9, 1, NftUapi.NFT_REG_1);
    private static final Load SOURCE = new Load(12, 4, NftUapi.NFT_REG_1);
    private static final Load DESTINATION = new Load(16, 4, NftUapi.NFT_REG_1);
    private static final Load INNER_FIRST = new Load(20, 1, NftUapi.NFT_REG_1);
    private static final Load INNER_SOURCE = new Load(32, 4, NftUapi.NFT_REG32_01);
    private static final Verdict ACCEPT = new Verdict(true);
    private static final Verdict DROP = new Verdict(false);

    NftLayout {
        chains = List.copyOf(chains);
        rules = List.copyOf(rules);
    }

    /**
     * A base chain of type filter that accepts what no rule of it ends.
     *
     * @param hook {@code NF_INET_*}
     * @param priority among the chains of the hook
     */
    record Chain(String name, int hook, int priority) {
        void write(MessageWriter message) {
            message.text(NftUapi.NFTA_CHAIN_NAME, name)
                    .nest(
                            NftUapi.NFTA_CHAIN_HOOK,
                            at -> at.network(NftUapi.NFTA_HOOK_HOOKNUM, hook)
                                    .network(NftUapi.NFTA_HOOK_PRIORITY, priority))
                    .network(NftUapi.NFTA_CHAIN_POLICY, NftUapi.NF_ACCEPT)
                    .text(NftUapi.NFTA_CHAIN_TYPE, "filter");
        }

        /** Whether the kernel's chain of this name is this one. */
        boolean isIn(AttributeReader attributes) throws NetlinkException {
            boolean same = true;
            boolean hooked = false;
            while (attributes.next()) {
                switch (attributes.type()) {
                    case NftUapi.NFTA_CHAIN_HOOK -> hooked = isAt(attributes.nest());
                    case NftUapi.NFTA_CHAIN_POLICY -> same &= attributes.network() == NftUapi.NF_ACCEPT;
                    case NftUapi.NFTA_CHAIN_TYPE ->
                        same &= attributes.text(NftRule.NAME).equals("filter");
                    default -> {
                        // Its name was asked for; the rest is the kernel's own affair.
                    }
                }
            }
            return same && hooked;
        }

        private boolean isAt(AttributeReader attributes) throws NetlinkException {
            boolean same = true;
            while (attributes.next()) {
                switch (attributes.type()) {
                    case NftUapi.NFTA_HOOK_HOOKNUM -> same &= attributes.network() == hook;
                    case NftUapi.NFTA_HOOK_PRIORITY -> same &= attributes.network() == priority;
                    default -> same = false;
                }
            }
            return same;
        }
    }

    /** Of a tunnel of that name. */
    static NftLayout of(String tunnel) {
        Chain outer = new Chain("outer", NftUapi.NF_INET_LOCAL_IN, BEFORE_FILTER);
        Chain inner = new Chain("inner", NftUapi.NF_INET_PRE_ROUTING, RAW);
        Chain sent = new Chain("sent", NftUapi.NF_INET_LOCAL_OUT, AFTER_ALL);
        List<NftRule> rules = new ArrayList<>();
        rules.add(rule(outer, PROTOCOL, Compare.octet(Comparison.NEQ, IPIP), ACCEPT));
        rules.add(drop(outer, DropReason.MALFORMED, FIRST, LENGTH, Compare.octet(Comparison.NEQ, NO_OPTIONS)));
        rules.add(drop(outer, DropReason.MALFORMED, INNER_FIRST, VERSION, Compare.octet(Comparison.NEQ, VERSION_4)));
        rules.add(rule(
                outer, SOURCE, INNER_SOURCE, new Lookup(PAIRS.name()), SOURCE, new Lookup(RECEIVED.name()), ACCEPT));
        rules.add(rule(outer, SOURCE, INNER_SOURCE, new Remember(STRAYS.name())));
        rules.add(drop(outer, DropReason.SPOOFED, SOURCE, new Lookup(PEERS.name())));
        rules.add(drop(outer, DropReason.STRANGER));
        rules.add(rule(inner, new InputLink(), Compare.link(Comparison.NEQ, tunnel), ACCEPT));
        rules.add(drop(inner, DropReason.NESTED, PROTOCOL, Compare.octet(Comparison.EQ, IPIP)));
        rules.add(rule(inner, DESTINATION, new Lookup(OWN.name()), ACCEPT));
        rules.add(drop(inner, DropReason.NOT_OURS));
        rules.add(
                rule(sent, PROTOCOL, Compare.octet(Comparison.EQ, IPIP), DESTINATION, new Lookup(SENT.name()), ACCEPT));
        return new NftLayout(List.of(outer, inner, sent), rules);
    }

    private static NftRule rule(Chain chain, NftExpression... steps) {
        return new NftRule(chain.name(), Arrays.asList(steps));
    }

    private static NftRule drop(Chain chain, DropReason reason, NftExpression... conditions) {
        List<NftExpression> steps = new ArrayList<>(Arrays.asList(conditions));
        steps.add(new Count(reason.label()));
        steps.add(DROP);
        return new NftRule(chain.name(), steps);
    }
}
