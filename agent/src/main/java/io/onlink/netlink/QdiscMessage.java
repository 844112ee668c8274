package io.onlink.netlink;

/**
 * A queueing discipline as the kernel tells it ({@code struct tcmsg}).
 *
 * @param device index of its link
 * @param kind such as clsact or fq_codel
 * @param handle its number, of clsact and ingress always ffff:
 */
record QdiscMessage(int device, String kind, int handle) {
    /** {@code sizeof(struct tcmsg)}. */
    static final int FIXED = 20;

    /** The longest kind we take, in octets ({@code IFNAMSIZ}). */
    static final int KIND = Uapi.IFNAMSIZ;

    static QdiscMessage decode(MessageReader message) throws NetlinkException {
        AttributeReader attributes = message.attributes(FIXED);
        String kind = "";
        while (attributes.next()) {
            kind = attributes.type() == TcUapi.TCA_KIND ? attributes.text(KIND) : kind;
        }
        return new QdiscMessage(message.number(4), kind, message.number(8));
    }

    /** Whether filters can be put before all that arrives. */
    boolean takesIngressFilters() {
        return handle == TcUapi.CLSACT_HANDLE && (kind.equals("clsact") || kind.equals("ingress"));
    }

    /** All of all devices. */
    static void requestDump(MessageWriter writer) {
        start(writer, TcUapi.RTM_GETQDISC, Uapi.NLM_F_DUMP, 0, 0).number(0).number(0);
    }

    /** {@code tc qdisc add dev DEVICE clsact}. */
    static void writeClsact(MessageWriter writer, int device) {
        clsact(writer, TcUapi.RTM_NEWQDISC, Uapi.NLM_F_CREATE | Uapi.NLM_F_EXCL, device);
    }

    /** {@code tc qdisc del dev DEVICE clsact}, with all filters in it. */
    static void writeDelete(MessageWriter writer, int device) {
        clsact(writer, TcUapi.RTM_DELQDISC, 0, device);
    }

    private static void clsact(MessageWriter writer, int type, int flags, int device) {
        start(writer, type, flags, device, TcUapi.CLSACT_HANDLE)
                .number(TcUapi.TC_H_CLSACT)
                .number(0)
                .text(TcUapi.TCA_KIND, "clsact");
    }

    /** A {@code struct tcmsg} up to its parent. */
    static MessageWriter start(MessageWriter writer, int type, int flags, int device, int handle) {
        return writer.start(type, flags).number(0).number(device).number(handle);
    }
}
