package io.onlink.netlink;

/**
 * A link as the kernel tells it ({@code struct ifinfomsg}).
 *
 * @param index its number in the network namespace
 * @param name IFLA_IFNAME
 * @param kind IFLA_INFO_KIND, empty for hardware
 * @param mtu IFLA_MTU in bytes
 * @param up IFF_UP
 */
record LinkMessage(int index, String name, String kind, int mtu, boolean up) {
    private static final int FIXED = 16;

    /** The longest kind we take, in octets ({@code MODULE_NAME_LEN}). */
    private static final int KIND = 64;

    static LinkMessage decode(MessageReader message) throws NetlinkException {
        AttributeReader attributes = message.attributes(FIXED);
        String name = "";
        String kind = "";
        int mtu = 0;
        while (attributes.next()) {
            switch (attributes.type()) {
                case Uapi.IFLA_IFNAME -> name = attributes.text(Uapi.IFNAMSIZ - 1);
                case Uapi.IFLA_MTU -> mtu = attributes.number();
                case Uapi.IFLA_LINKINFO -> kind = kind(attributes.nest());
                default -> {
                    // A link has some sixty attributes.
                }
            }
        }
        boolean up = (message.number(8) & Uapi.IFF_UP) != 0;
        return new LinkMessage(message.number(4), name, kind, mtu, up);
    }

    private static String kind(AttributeReader attributes) throws NetlinkException {
        String kind = "";
        while (attributes.next()) {
            kind = attributes.type() == Uapi.IFLA_INFO_KIND ? attributes.text(KIND) : kind;
        }
        return kind;
    }

    static void requestDump(MessageWriter writer) {
        start(writer, Uapi.RTM_GETLINK, Uapi.NLM_F_DUMP, 0).number(Uapi.IFLA_EXT_MASK, Uapi.RTEXT_FILTER_SKIP_STATS);
    }

    static void request(MessageWriter writer, String name) {
        start(writer, Uapi.RTM_GETLINK, 0, 0).text(Uapi.IFLA_IFNAME, name);
    }

    static void writeCreate(MessageWriter writer, String name, String kind) {
        start(writer, Uapi.RTM_NEWLINK, Uapi.NLM_F_CREATE | Uapi.NLM_F_EXCL, 0)
                .text(Uapi.IFLA_IFNAME, name)
                .nest(Uapi.IFLA_LINKINFO, Uapi.IFLA_INFO_KIND, kind);
    }

    static void writeMtu(MessageWriter writer, String name, int mtu) {
        start(writer, Uapi.RTM_NEWLINK, 0, 0).text(Uapi.IFLA_IFNAME, name).number(Uapi.IFLA_MTU, mtu);
    }

    static void writeUp(MessageWriter writer, String name) {
        start(writer, Uapi.RTM_NEWLINK, 0, Uapi.IFF_UP).text(Uapi.IFLA_IFNAME, name);
    }

    /** With index 0 the kernel goes by the name. */
    private static MessageWriter start(MessageWriter writer, int type, int flags, int linkFlags) {
        return writer.start(type, flags).number(0).number(0).number(linkFlags).number(linkFlags);
    }
}
