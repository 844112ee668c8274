package io.onlink.netlink;

import io.onlink.route.KernelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * This host's own firewall, of nftables and of the iptables built on it, as far as it drops the mesh's packets.
 *
 * <p>Only the rules of the chains that the kernel itself goes to are looked at, not those that they jump to: a chain is
 * taken to drop what it ends in dropping. One rule that names protocol 4, or the tunnel, says what its owner wants.
 */
public final class Firewall {
    /** Chains that are looked into; more than these many belong to no host. */
    private static final int MOST = 64;

    /** {@code ip protocol 4} or {@code meta l4proto 4}, as {@link NftRule#canonical} has it. */
    private static final Pattern IPIP = Pattern.compile("(payload\\{1=[0-9a-f]+, 2=00000001, 3=00000009, 4=00000001\\}"
            + "|meta\\{1=[0-9a-f]+, 2=00000010\\})cmp\\{1=[0-9a-f]+, 3=\\{1=04\\}\\}");

    private static final String ACCEPT = "immediate{2={2={1=00000001}}}";

    /** {@code drop}; {@code reject}, natively and by iptables. */
    private static final Pattern DROP =
            Pattern.compile("(immediate\\{2=\\{2=\\{\\}\\}\\}|reject\\{[^{}]*\\}|target\\{1=52454a454354[^{}]*\\})$");

    private static final Pattern REMARKS = Pattern.compile("(counter|log)\\{[^{}]*\\}");

    private Firewall() {}

    /** A chain at a hook of interest. */
    private record Base(int family, String table, String name, boolean forward, boolean drops) {}

    /** What becomes of the mesh's packets in a chain. */
    enum Fate {
        PASS,
        /** No rule speaks of them, and the chain drops what none has accepted. */
        DROP,
        /** A rule drops just them. */
        DROP_BY_NAME
    }

    /**
     * The chains for IPv4 that are in the way; none where the kernel has no nftables or the agent may not look.
     *
     * @param tunnel name of the tunnel's link
     */
    public static List<HookChain> inTheWay(String tunnel) throws KernelException {
        List<HookChain> chains = new ArrayList<>();
        try (NetlinkConnection connection =
                new NetlinkConnection(() -> NetlinkConnection.connect(Uapi.NETLINK_NETFILTER))) {
            connection.request().start(NftUapi.GETCHAIN, Uapi.NLM_F_DUMP).octets(0, 0, 0, 0);
            List<Base> bases = new ArrayList<>();
            connection.dump(NftUapi.NEWCHAIN, Firewall::base).values().forEach(base -> base.ifPresent(bases::add));
            for (Base base : bases.subList(0, Math.min(bases.size(), MOST))) {
                List<String> rules = NftReader.rules(connection, base.family, base.table, base.name)
                        .values();
                Fate fate = fate(rules, base, tunnel);
                if (fate != Fate.PASS) {
                    String family = base.family == NftUapi.NFPROTO_INET ? "inet" : "ip";
                    chains.add(new HookChain(family, base.table, base.name, base.forward, fate == Fate.DROP_BY_NAME));
                }
            }
        }
        return chains;
    }

    private static Fate fate(List<String> rules, Base base, String tunnel) {
        Pattern in = link(NftUapi.NFT_META_IIFNAME, tunnel);
        Pattern out = link(NftUapi.NFT_META_OIFNAME, tunnel);
        boolean inAccepted = !base.forward;
        boolean outAccepted = !base.forward;
        for (String rule : rules) {
            boolean accepts = rule.endsWith(ACCEPT);
            boolean drops = DROP.matcher(rule).find();
            boolean isIn = base.forward && in.matcher(rule).find();
            boolean isOut = base.forward && out.matcher(rule).find();
            boolean isOfTheMesh =
                    isIn || isOut || (!base.forward && IPIP.matcher(rule).find());
            if (drops && isOfTheMesh) {
                return Fate.DROP_BY_NAME;
            }
            inAccepted |= accepts && isIn;
            outAccepted |= accepts && isOut;
            boolean toAll = isUnconditional(rule);
            if (accepts && (toAll || (isOfTheMesh && inAccepted && outAccepted))) {
                return Fate.PASS;
            }
            if (drops && toAll) {
                return Fate.DROP;
            }
        }
        return base.drops ? Fate.DROP : Fate.PASS;
    }

    /** Whether there is nothing but a verdict, and what counts or logs. */
    private static boolean isUnconditional(String rule) {
        String verdict = REMARKS.matcher(rule).replaceAll("");
        return verdict.equals(ACCEPT) || DROP.matcher(verdict).matches();
    }

    private static Pattern link(int key, String name) {
        String octets =
                NftExpression.Compare.link(NftExpression.Comparison.EQ, name).octets();
        return Pattern.compile(
                String.format("meta\\{1=[0-9a-f]+, 2=%08x\\}cmp\\{1=[0-9a-f]+, 3=\\{1=%s\\}\\}", key, octets));
    }

    /** Empty for a chain that is none of interest, ours among them; what cannot be read is none of ours to refuse. */
    private static Optional<Base> base(MessageReader message) throws NetlinkException {
        AttributeReader attributes = message.attributes(NftReader.HEADER);
        int family = message.octet(0);
        String table = "";
        String name = "";
        int hook = -1;
        int policy = -1;
        while (attributes.next()) {
            switch (attributes.type()) {
                case NftUapi.TABLE -> table = attributes.text(NftRule.NAME);
                case NftUapi.NFTA_CHAIN_NAME -> name = attributes.text(NftRule.NAME);
                case NftUapi.NFTA_CHAIN_HOOK -> hook = hook(attributes.nest());
                case NftUapi.NFTA_CHAIN_POLICY -> policy = attributes.network();
                default -> {
                    // Counters, handles and flags are of no interest here.
                }
            }
        }
        boolean forward = hook == NftUapi.NF_INET_FORWARD;
        boolean ipv4 = family == NftUapi.NFPROTO_INET || family == Uapi.AF_INET;
        boolean ours = family == Uapi.AF_INET && table.equals(NftGuard.TABLE);
        return ipv4 && !ours && (forward || hook == NftUapi.NF_INET_LOCAL_IN)
                ? Optional.of(new Base(family, table, name, forward, policy == NftUapi.NF_DROP))
                : Optional.empty();
    }

    private static int hook(AttributeReader hook) throws NetlinkException {
        int number = -1;
        while (hook.next()) {
            number = hook.type() == NftUapi.NFTA_HOOK_HOOKNUM ? hook.network() : number;
        }
        return number;
    }
}
