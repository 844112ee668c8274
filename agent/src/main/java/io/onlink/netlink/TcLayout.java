package io.onlink.netlink;

import io.onlink.guard.DropReason;
import io.onlink.guard.GuardTable;
import io.onlink.guard.Pair;
import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.netlink.FilterMessage.Slot;
import io.onlink.netlink.U32.Jump;
import io.onlink.netlink.U32.Match;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The guard as u32 filters. Only the nodes that pass and the last filter decide what comes in; all other drops say why.
 *
 * <p>On a device of the underlay, for untagged packets and for those with a VLAN tag, priority tags among them, which
 * Linux takes off after the filters:
 *
 * <pre>
 * pref 4 (5 if tagged)  proto 4, no options, no later fragment, IPv4 inside → table 114, by the outer source's last octet
 *                         114: outer source . inner source of a pair  pass
 *                         114: outer source of a peer                 drop, spoofed
 *                       the same, from nobody we know                 drop, stranger
 *                       something else inside                         drop, malformed
 *                       a later fragment                            → table 115, by the outer source's last octet
 *                         115: outer source of a peer                 pass
 *                       the same, from nobody we know                 drop, stranger
 * pref 7 (8 or 9 if tagged)
 *                       proto 4: with options, or too short           drop, malformed
 *                       tagged only: proto 4 behind a priority tag    drop, malformed
 *                       tagged only: a priority tag behind another    drop, malformed
 * </pre>
 *
 * <p>Behind a tag there may be anything, so every filter of tagged packets looks at the ethernet type first. A priority
 * tag behind a tag is one that Linux takes off too if the first was one; which tag that was filters cannot tell.
 *
 * <p>On the tunnel, in pref 4: proto 4 (nested) dropped, destinations of ours passed; in pref 7 all else dropped.
 *
 * <p>A later fragment bears no inner header. The first one does and is checked, and without it the kernel puts nothing
 * together; fragments that overlap it never take its place (RFC 5722, which Linux follows for IPv4 too).
 */
final class TcLayout {
    /** Bears every node: 114, our number. The minor part would change a packet's tc_index, so it is zero. */
    static final int MARK = 114 << 16;

    /** Bears the last filter of a device whose clsact we made ourselves. */
    static final int MARK_MADE = MARK | 1;

    /** Buckets of a table, the most there may be. */
    static final int BUCKETS = 256;

    static final int PAIRS = 0x11400000;
    static final int PEERS = 0x11500000;

    /** The most nodes that pass, or that drop, in one bucket: the places of each half. */
    static final int PER_BUCKET = 0x7ff;

    /** Of untagged and tagged packets: each has a preference among the first and one among the last. */
    private static final int[] PROTOCOLS = {TcUapi.ETH_P_IP, TcUapi.ETH_P_8021Q, TcUapi.ETH_P_8021AD};

    /** The first of the preferences that are ours. */
    static final int FIRST = 4;

    /** The first of the preferences that drop what none before has decided. */
    static final int LAST = FIRST + PROTOCOLS.length;

    /** The last of those that are ours. */
    static final int END = LAST + PROTOCOLS.length - 1;

    private static final int DROPS = 0x800;
    private static final int PLACES = 0xfff;

    /** First of the indexes of our actions, far from those that the kernel counts from 1. */
    private static final int ACTIONS = 114_000_001;

    private static final int SOURCE = 12;
    private static final int DESTINATION = 16;
    private static final int INNER = 20;
    private static final int LAST_OCTET = 0xff;

    /** Before the header, where the ethernet type is: of a word the lower half. */
    private static final int TYPE = -4;

    private static final int HALF = 0xffff;

    /** Of a tag that is a priority tag, with the ethernet type after it. */
    private static final int PRIORITY_TAG = 0x0fffffff;

    private static final Match IPIP = new Match(8, 0x00ff0000, 0x00040000);
    private static final Match NO_OPTIONS = new Match(0, 0xff000000, 0x45000000);
    private static final Match NO_LATER_FRAGMENT = new Match(4, 0x00001fff, 0);
    private static final Match IPV4_INSIDE = new Match(INNER, 0xf0000000, 0x40000000);

    private static final int[] TAGS = {TcUapi.ETH_P_8021Q, TcUapi.ETH_P_8021AD};

    /** Octets of a tag and the ethernet type after it. */
    private static final int TAG = 4;

    private static final Match BEHIND_TAG_IPIP = new Match(TAG + 8, 0x00ff0000, 0x00040000);
    private static final Match BEHIND_TAG_PRIORITY = new Match(TAG, 0x0fff0000, 0);

    private TcLayout() {}

    /**
     * A node that is to be.
     *
     * @param low the first place that will do
     * @param high the last
     */
    record Wanted(Slot slot, int low, int high, U32 node) {
        /** Whether it is the one that drops all that nothing else has decided. */
        boolean isLast() {
            return slot.pref() >= LAST;
        }
    }

    /** Whether that preference is ours. */
    static boolean owns(int pref) {
        return pref >= FIRST && pref <= END;
    }

    /** All our preferences with the protocol they must have on such a device, first things first. */
    static List<Slot> filters(boolean tunnel) {
        if (tunnel) {
            return List.of(root(FIRST, TcUapi.ETH_P_ALL), root(LAST, TcUapi.ETH_P_ALL));
        }
        List<Slot> filters = new ArrayList<>();
        for (int first : new int[] {FIRST, LAST}) {
            for (int i = 0; i < PROTOCOLS.length; i++) {
                filters.add(root(first + i, PROTOCOLS[i]));
            }
        }
        return filters;
    }

    /** A node that no packet meets: nobody sends IPIP from 0.0.0.0. */
    static Wanted trial() {
        return new Wanted(root(LAST, TcUapi.ETH_P_IP), 1, 1, drop(DropReason.MALFORMED, IPIP, is(Ipv4.ANY)));
    }

    /** The tables on a device of the underlay. */
    static List<Slot> tables() {
        return List.of(table(PAIRS, 0), table(PEERS, 0));
    }

    /** The index of the action that counts and drops. */
    static int action(DropReason reason) {
        return ACTIONS
                + switch (reason) {
                    case NESTED -> 0;
                    case STRANGER -> 1;
                    case SPOOFED -> 2;
                    case NOT_OURS -> 3;
                    case MALFORMED -> 4;
                };
    }

    /** Whether that is the index of one of our actions. */
    static boolean isAction(int index) {
        return index >= ACTIONS && index < ACTIONS + DropReason.values().length;
    }

    /** What is to be on the tunnel's device. */
    static List<Wanted> tunnel(GuardTable table) {
        Slot slot = root(FIRST, TcUapi.ETH_P_ALL);
        List<Wanted> wanted = new ArrayList<>();
        wanted.add(last(root(LAST, TcUapi.ETH_P_ALL), List.of(), DropReason.NOT_OURS));
        wanted.add(new Wanted(slot, 1, 1, drop(DropReason.NESTED, IPIP)));
        for (Ipv4Prefix own : table.own()) {
            wanted.add(new Wanted(slot, 2, DROPS - 1, pass(in(own, DESTINATION))));
        }
        return wanted;
    }

    /** What is to be on a device of the underlay. */
    static List<Wanted> underlay(GuardTable table) {
        List<Wanted> wanted = new ArrayList<>();
        for (Slot filter : filters(false)) {
            if (filter.pref() >= LAST) {
                wanted.addAll(end(filter));
            }
        }
        TreeMap<Ipv4, Boolean> peers = new TreeMap<>();
        for (Pair pair : table.pairs()) {
            Slot bucket = table(PAIRS, bucket(pair.outer()));
            wanted.add(new Wanted(bucket, 1, DROPS - 1, pass(is(pair.outer()), in(pair.inner(), INNER + SOURCE))));
            peers.put(pair.outer(), true);
        }
        for (Ipv4 peer : peers.keySet()) {
            wanted.add(new Wanted(table(PAIRS, bucket(peer)), DROPS, PLACES, drop(DropReason.SPOOFED, is(peer))));
            wanted.add(new Wanted(table(PEERS, bucket(peer)), 1, PLACES, pass(is(peer))));
        }
        for (Slot filter : filters(false)) {
            if (filter.pref() < LAST) {
                wanted.addAll(way(filter));
            }
        }
        return wanted;
    }

    /** From the root to the tables; what drops comes before what leads there, so that nothing is dropped unnamed. */
    private static List<Wanted> way(Slot root) {
        Match[] ipip = ipv4(root, NO_OPTIONS, IPIP);
        Match[] whole = ipv4(root, NO_OPTIONS, NO_LATER_FRAGMENT, IPIP);
        Match[] told = ipv4(root, NO_OPTIONS, NO_LATER_FRAGMENT, IPIP, IPV4_INSIDE);
        return List.of(
                new Wanted(root, 5, 5, drop(DropReason.STRANGER, ipip)),
                new Wanted(root, 4, 4, jump(PEERS, ipip)),
                new Wanted(root, 3, 3, drop(DropReason.MALFORMED, whole)),
                new Wanted(root, 2, 2, drop(DropReason.STRANGER, told)),
                new Wanted(root, 1, 1, jump(PAIRS, told)));
    }

    /** What a filter drops that no node before it has decided. */
    private static List<Wanted> end(Slot root) {
        List<Wanted> end = new ArrayList<>();
        end.add(last(root, List.of(ipv4(root, IPIP)), DropReason.MALFORMED));
        for (int tag : root.protocol() == TcUapi.ETH_P_IP ? new int[0] : TAGS) {
            end.add(last(root, List.of(type(tag), next(TcUapi.ETH_P_IP), BEHIND_TAG_IPIP), DropReason.MALFORMED));
            for (int third : TAGS) {
                end.add(last(root, List.of(type(tag), next(third), BEHIND_TAG_PRIORITY), DropReason.MALFORMED));
            }
        }
        return end;
    }

    /** The matches, and before them, if the filter is one of tagged packets, that it is IPv4. */
    private static Match[] ipv4(Slot root, Match... matches) {
        List<Match> all = new ArrayList<>(Arrays.asList(matches));
        if (root.protocol() != TcUapi.ETH_P_IP) {
            all.add(0, type(TcUapi.ETH_P_IP));
        }
        return all.toArray(Match[]::new);
    }

    private static Match type(int type) {
        return new Match(TYPE, HALF, type);
    }

    /** A priority tag, and that ethernet type after it. */
    private static Match next(int type) {
        return new Match(0, PRIORITY_TAG, type);
    }

    private static Wanted last(Slot slot, List<Match> matches, DropReason reason) {
        return new Wanted(slot, 1, PLACES, new U32(matches, null, action(reason), MARK));
    }

    private static U32 pass(Match... matches) {
        return new U32(List.of(matches), null, 0, MARK);
    }

    private static U32 drop(DropReason reason, Match... matches) {
        return new U32(List.of(matches), null, action(reason), MARK);
    }

    private static U32 jump(int table, Match... matches) {
        return new U32(List.of(matches), new Jump(table, SOURCE, LAST_OCTET), 0, MARK);
    }

    private static Match is(Ipv4 source) {
        return new Match(SOURCE, -1, source.bits());
    }

    private static Match in(Ipv4Prefix prefix, int offset) {
        int mask = prefix.length() == 0 ? 0 : -1 << (32 - prefix.length());
        return new Match(offset, mask, prefix.base().bits());
    }

    private static Slot root(int pref, int protocol) {
        return new Slot(pref, protocol, FilterMessage.ROOT, 0);
    }

    private static Slot table(int table, int bucket) {
        return new Slot(FIRST, TcUapi.ETH_P_IP, table, bucket);
    }

    private static int bucket(Ipv4 outer) {
        return outer.bits() & LAST_OCTET;
    }

    /** The pair that a node lets in, if that is what it is for. */
    static Optional<Pair> pair(FilterMessage filter) {
        U32 node = filter.node();
        if (node == null
                || filter.table() != PAIRS
                || !node.passes()
                || node.matches().size() != 2) {
            return Optional.empty();
        }
        Match outer = node.matches().get(0);
        return prefix(node.matches().get(1)).map(inner -> new Pair(new Ipv4(outer.value()), inner));
    }

    /** The destinations that a node of the tunnel's device lets in, if that is what it is for. */
    static Optional<Ipv4Prefix> own(FilterMessage filter) {
        U32 node = filter.node();
        return node != null
                        && filter.table() == FilterMessage.ROOT
                        && node.passes()
                        && node.matches().size() == 1
                ? prefix(node.matches().get(0))
                : Optional.empty();
    }

    /** Empty if it is no prefix: then it is none of ours. */
    private static Optional<Ipv4Prefix> prefix(Match match) {
        int length = Integer.bitCount(match.mask());
        boolean whole = match.mask() == (length == 0 ? 0 : -1 << (32 - length));
        return whole && (match.value() & ~match.mask()) == 0
                ? Optional.of(new Ipv4Prefix(new Ipv4(match.value()), length))
                : Optional.empty();
    }
}
