package io.onlink.netlink;

import org.jspecify.annotations.Nullable;

/**
 * A generic action ({@code tc actions}, {@code struct tc_gact}) as the kernel tells it. Filters that name its index share
 * it and its counter, and it stays when they go.
 *
 * @param index its number among the network namespace's gact actions
 * @param verdict TC_ACT_SHOT drops the packet
 * @param packets that have met it
 */
record GactMessage(int index, int verdict, long packets) {
    static final String KIND = "gact";

    /** {@code sizeof(struct tcamsg)}. */
    private static final int FIXED = 4;

    /** {@code sizeof(struct tc_gact)}. */
    private static final int PARMS = 20;

    /** The answer to a request for one. */
    static @Nullable GactMessage decode(MessageReader message) throws NetlinkException {
        AttributeReader attributes = message.attributes(FIXED);
        GactMessage found = null;
        while (attributes.next()) {
            found = attributes.type() == TcUapi.TCA_ACT_TAB ? first(attributes.nest()) : found;
        }
        return found;
    }

    /** The first of a list of actions if it is a generic one, else null. */
    static @Nullable GactMessage first(AttributeReader list) throws NetlinkException {
        return list.next() ? one(list.nest()) : null;
    }

    private static @Nullable GactMessage one(AttributeReader action) throws NetlinkException {
        String kind = "";
        int index = 0;
        int verdict = -1;
        long packets = 0;
        while (action.next()) {
            switch (action.type()) {
                case TcUapi.TCA_ACT_KIND -> kind = action.text(QdiscMessage.KIND);
                case TcUapi.TCA_ACT_STATS -> packets = packets(action.nest());
                case TcUapi.TCA_ACT_OPTIONS -> {
                    AttributeReader options = action.nest();
                    while (kind.equals(KIND) && options.next()) {
                        if (options.type() == TcUapi.TCA_GACT_PARMS) {
                            index = options.numberAt(0);
                            verdict = options.numberAt(8);
                        }
                    }
                }
                default -> {
                    // Cookies, flags and times.
                }
            }
        }
        return kind.equals(KIND) ? new GactMessage(index, verdict, packets) : null;
    }

    /** The 64-bit count is there only once the 32-bit one has overflowed. */
    private static long packets(AttributeReader stats) throws NetlinkException {
        long packets = 0;
        while (stats.next()) {
            if (stats.type() == TcUapi.TCA_STATS_BASIC) {
                packets = Integer.toUnsignedLong(stats.numberAt(Long.BYTES));
            } else if (stats.type() == TcUapi.TCA_STATS_PKT64) {
                packets = stats.longAt(0);
            }
        }
        return packets;
    }

    /** {@code tc actions replace action drop index INDEX}. */
    static void writeDrop(MessageWriter writer, int index) {
        writer.start(TcUapi.RTM_NEWACTION, Uapi.NLM_F_CREATE | Uapi.NLM_F_REPLACE)
                .octets(0, 0, 0, 0)
                .nest(TcUapi.TCA_ACT_TAB, list -> writeTo(list, index));
    }

    /** As an entry of a list of actions: the one of that index, made if it is missing. */
    static void writeTo(MessageWriter list, int index) {
        list.nest(
                1,
                action -> action.text(TcUapi.TCA_ACT_KIND, KIND)
                        .nest(
                                TcUapi.TCA_ACT_OPTIONS,
                                options -> options.value(TcUapi.TCA_GACT_PARMS, PARMS)
                                        .number(index)
                                        .number(0)
                                        .number(TcUapi.TC_ACT_SHOT)
                                        .number(0)
                                        .number(0)));
    }

    static void request(MessageWriter writer, int index) {
        byIndex(writer, TcUapi.RTM_GETACTION, index);
    }

    /** Refused as long as a filter uses it. */
    static void writeDelete(MessageWriter writer, int index) {
        byIndex(writer, TcUapi.RTM_DELACTION, index);
    }

    private static void byIndex(MessageWriter writer, int type, int index) {
        writer.start(type, 0)
                .octets(0, 0, 0, 0)
                .nest(
                        TcUapi.TCA_ACT_TAB,
                        list -> list.nest(
                                1,
                                action -> action.text(TcUapi.TCA_ACT_KIND, KIND).number(TcUapi.TCA_ACT_INDEX, index)));
    }
}
