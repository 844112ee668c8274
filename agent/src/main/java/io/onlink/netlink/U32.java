package io.onlink.netlink;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a node of a u32 filter looks for, and what then happens ({@code struct tc_u32_sel} and attributes). Offsets are
 * from the IP header.
 *
 * @param matches all must hold; with none it always does. A packet too short for a match is matched by nothing of the
 *     whole filter.
 * @param jump to another table, or null
 * @param drop index of the generic action that drops what reaches this node, or 0: it passes, or jumps
 * @param mark TCA_U32_CLASSID, by which we know our own
 */
record U32(List<Match> matches, @Nullable Jump jump, int drop, int mark) {
    /** {@code sizeof(struct tc_u32_sel)} without keys; {@code sizeof(struct tc_u32_key)}. */
    private static final int SELECTOR = 16;

    private static final int KEY = 16;

    /** Of a dump: a verdict, an action or an offset that varies, none of which we ever write. */
    private static final int OTHER = -1;

    U32 {
        matches = List.copyOf(matches);
    }

    /** The bits of the mask, in the 32-bit word at the offset, are those of the value. */
    record Match(int offset, int mask, int value) {
        @Override
        public String toString() {
            return String.format("match %08x/%08x at %d", value, mask, offset);
        }
    }

    /** On to the bucket of a table that the masked word at the offset names. */
    record Jump(int table, int offset, int mask) {
        @Override
        public String toString() {
            return String.format("link %x: hash mask %08x at %d", table >>> 20, mask, offset);
        }
    }

    /** Whether it lets a packet through. */
    boolean passes() {
        return drop == 0 && jump == null;
    }

    /** The options but the place of the node, which comes after. */
    void write(MessageWriter options) {
        options.value(TcUapi.TCA_U32_SEL, SELECTOR + KEY * matches.size())
                .octets(jump == null ? TcUapi.TC_U32_TERMINAL : 0, 0, matches.size(), 0)
                .number(0)
                .halves(0, jump == null ? 0 : jump.offset)
                .wire(jump == null ? 0 : jump.mask);
        for (Match match : matches) {
            options.wire(match.mask).wire(match.value).number(match.offset).number(0);
        }
        options.number(TcUapi.TCA_U32_CLASSID, mark);
        if (jump != null) {
            options.number(TcUapi.TCA_U32_LINK, jump.table);
        }
        if (drop != 0) {
            options.nest(TcUapi.TCA_U32_ACT, list -> GactMessage.writeTo(list, drop));
        }
    }

    /** What {@code options} say, null if there is no selector: then it is a table. */
    static @Nullable U32 read(AttributeReader options) throws NetlinkException {
        List<Match> matches = null;
        int[] hash = new int[2];
        int table = 0;
        int drop = 0;
        int mark = 0;
        boolean terminal = false;
        boolean known = false;
        while (options.next()) {
            switch (options.type()) {
                case TcUapi.TCA_U32_SEL -> {
                    matches = matches(options);
                    hash = new int[] {options.halfAt(10), options.wireAt(12)};
                    terminal = (options.octetAt(0) & TcUapi.TC_U32_TERMINAL) != 0;
                    known = (options.octetAt(0) & ~TcUapi.TC_U32_TERMINAL) == 0;
                }
                case TcUapi.TCA_U32_LINK -> table = options.number();
                case TcUapi.TCA_U32_CLASSID -> mark = options.number();
                case TcUapi.TCA_U32_ACT -> drop = drop(options.nest());
                default -> {
                    // Counters and flags of offload; the bucket is in the handle.
                }
            }
        }
        if (matches == null) {
            return null;
        }
        Jump jump = table == 0 ? null : new Jump(table, hash[0], hash[1]);
        return new U32(matches, jump, known && terminal == (jump == null) ? drop : OTHER, mark);
    }

    private static List<Match> matches(AttributeReader selector) throws NetlinkException {
        List<Match> matches = new ArrayList<>();
        int count = selector.octetAt(2);
        for (int at = SELECTOR; at < SELECTOR + KEY * count; at += KEY) {
            matches.add(new Match(selector.numberAt(at + 8), selector.wireAt(at), selector.wireAt(at + 4)));
        }
        return matches;
    }

    private static int drop(AttributeReader list) throws NetlinkException {
        GactMessage action = GactMessage.first(list);
        return action == null || action.verdict() != TcUapi.TC_ACT_SHOT || list.next() ? OTHER : action.index();
    }

    /** As near to {@code tc filter show} as one line allows. */
    @Override
    public String toString() {
        String what = matches.stream().map(Match::toString).collect(Collectors.joining(" "));
        String then =
                jump != null ? jump.toString() : drop == 0 ? "pass" : "drop index " + Integer.toUnsignedString(drop);
        return String.format("flowid %x:%x %s%s%s", mark >>> 16, mark & 0xffff, what, what.isEmpty() ? "" : " ", then);
    }
}
