package io.onlink.netlink;

import org.jspecify.annotations.Nullable;

/**
 * One message of a filter as the kernel tells it ({@code struct tcmsg}): for u32 one for the filter, one for each of its
 * tables and one for each node.
 *
 * @param pref order among the filters of a device, lowest first
 * @param protocol of the packets it sees, such as ETH_P_IP
 * @param chain 0 is the one that packets go to
 * @param kind such as u32 or bpf
 * @param handle of u32 the table in 12 bits, the bucket in 8, the node in 12; 0 for the filter itself
 * @param divisor buckets of a table, 0 if this is none
 * @param node what a node does, or null if this is none
 */
record FilterMessage(
        int pref,
        int protocol,
        int chain,
        String kind,
        int handle,
        int divisor,
        @Nullable U32 node) {
    static final String U32_KIND = "u32";

    /** The table that a u32 filter begins in: a number of the kernel's choice, from 800 hexadecimal on. */
    static final int ROOT = 0x80000000;

    static FilterMessage decode(MessageReader message) throws NetlinkException {
        message.need(QdiscMessage.FIXED);
        AttributeReader attributes = message.attributes(QdiscMessage.FIXED);
        String kind = "";
        int chain = 0;
        int divisor = 0;
        U32 node = null;
        while (attributes.next()) {
            switch (attributes.type()) {
                case TcUapi.TCA_KIND -> kind = attributes.text(QdiscMessage.KIND);
                case TcUapi.TCA_CHAIN -> chain = attributes.number();
                case TcUapi.TCA_OPTIONS -> {
                    if (kind.equals(U32_KIND)) {
                        node = U32.read(attributes.nest());
                        divisor = divisor(attributes.nest());
                    }
                }
                default -> {
                    // Offload and counters.
                }
            }
        }
        int info = message.number(16);
        return new FilterMessage(info >>> 16, protocolOf(info, message), chain, kind, message.number(8), divisor, node);
    }

    /** The lower half is a 16-bit number of the wire's order. */
    private static int protocolOf(int info, MessageReader message) {
        return message.isLittleEndian() ? Short.toUnsignedInt(Short.reverseBytes((short) info)) : info & 0xffff;
    }

    private static int divisor(AttributeReader options) throws NetlinkException {
        int divisor = 0;
        while (options.next()) {
            divisor = options.type() == TcUapi.TCA_U32_DIVISOR ? options.number() : divisor;
        }
        return divisor;
    }

    /** The table it is, or is in; {@link #ROOT} for that of the filter. */
    int table() {
        return handle < 0 ? ROOT : handle & 0xfff00000;
    }

    int bucket() {
        return handle >>> 12 & 0xff;
    }

    /** Its place in the bucket, lowest first. */
    int place() {
        return handle & 0xfff;
    }

    /** All before what arrives on a device. */
    static void requestDump(MessageWriter writer, int device, int parent) {
        QdiscMessage.start(writer, TcUapi.RTM_GETTFILTER, Uapi.NLM_F_DUMP, device, 0)
                .number(parent)
                .number(0);
    }

    /** A table of that many buckets. */
    static void writeTable(MessageWriter writer, int device, Slot slot, int divisor) {
        start(writer, TcUapi.RTM_NEWTFILTER, device, slot, slot.table)
                .nest(TcUapi.TCA_OPTIONS, options -> options.number(TcUapi.TCA_U32_DIVISOR, divisor));
    }

    /** A node at that place of its bucket. */
    static void writeNode(MessageWriter writer, int device, Slot slot, int place, U32 node) {
        start(writer, TcUapi.RTM_NEWTFILTER, device, slot, place).nest(TcUapi.TCA_OPTIONS, options -> {
            node.write(options);
            options.number(
                    TcUapi.TCA_U32_HASH, slot.table == ROOT ? TcUapi.TC_U32_ROOT : slot.table | slot.bucket << 12);
        });
    }

    /** The table, node or, with handle 0, the whole filter goes. */
    static void writeDelete(MessageWriter writer, int device, Slot slot, int handle) {
        start(writer, TcUapi.RTM_DELTFILTER, device, slot, handle);
    }

    private static MessageWriter start(MessageWriter writer, int type, int device, Slot slot, int handle) {
        int flags = type == TcUapi.RTM_NEWTFILTER ? Uapi.NLM_F_CREATE | Uapi.NLM_F_EXCL : 0;
        return QdiscMessage.start(writer, type, flags, device, handle)
                .number(TcUapi.TC_H_INGRESS)
                .info(slot.pref, slot.protocol)
                .text(TcUapi.TCA_KIND, U32_KIND);
    }

    /**
     * A bucket of a table of a filter.
     *
     * @param table its number shifted, or {@link #ROOT}
     */
    record Slot(int pref, int protocol, int table, int bucket) {
        @Override
        public String toString() {
            return String.format("pref %d protocol %04x ht %x: bkt %x", pref, protocol, table >>> 20, bucket);
        }
    }
}
