package io.onlink.netlink;

import io.onlink.inet.Ipv4;

/**
 * A link as the kernel tells it ({@code struct ifinfomsg}).
 *
 * @param index its number in the network namespace
 * @param name IFLA_IFNAME
 * @param kind IFLA_INFO_KIND, empty for hardware
 * @param mtu IFLA_MTU in bytes
 * @param up IFF_UP
 * @param local of an ipip link, IFLA_IPTUN_LOCAL, else 0.0.0.0
 * @param remote of an ipip link, IFLA_IPTUN_REMOTE, else 0.0.0.0
 */
record LinkMessage(int index, String name, String kind, int mtu, boolean up, Ipv4 local, Ipv4 remote) {
    private static final int FIXED = 16;

    /** The longest kind we take, in octets ({@code MODULE_NAME_LEN}). */
    private static final int KIND = 64;

    static LinkMessage decode(MessageReader message) throws NetlinkException {
        AttributeReader attributes = message.attributes(FIXED);
        String name = "";
        Kind kind = Kind.NONE;
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
        return new LinkMessage(message.number(4), name, kind.name, mtu, up, kind.local, kind.remote);
    }

    /** What IFLA_LINKINFO says. */
    private record Kind(String name, Ipv4 local, Ipv4 remote) {
        static final Kind NONE = new Kind("", Ipv4.ANY, Ipv4.ANY);
    }

    /** The kernel puts the kind before the data of that kind. */
    private static Kind kind(AttributeReader attributes) throws NetlinkException {
        Kind kind = Kind.NONE;
        while (attributes.next()) {
            if (attributes.type() == Uapi.IFLA_INFO_KIND) {
                kind = new Kind(attributes.text(KIND), Ipv4.ANY, Ipv4.ANY);
            } else if (attributes.type() == Uapi.IFLA_INFO_DATA && kind.name.equals("ipip")) {
                kind = ends(attributes.nest());
            }
        }
        return kind;
    }

    private static Kind ends(AttributeReader attributes) throws NetlinkException {
        Ipv4 local = Ipv4.ANY;
        Ipv4 remote = Ipv4.ANY;
        while (attributes.next()) {
            switch (attributes.type()) {
                case Uapi.IFLA_IPTUN_LOCAL -> local = attributes.address();
                case Uapi.IFLA_IPTUN_REMOTE -> remote = attributes.address();
                default -> {
                    // TTL and the like do not keep it from carrying our packets.
                }
            }
        }
        return new Kind("ipip", local, remote);
    }

    static void requestDump(MessageWriter writer) {
        start(writer, Uapi.RTM_GETLINK, Uapi.NLM_F_DUMP, 0).number(Uapi.IFLA_EXT_MASK, Uapi.RTEXT_FILTER_SKIP_STATS);
    }

    static void request(MessageWriter writer, String name) {
        start(writer, Uapi.RTM_GETLINK, 0, 0).text(Uapi.IFLA_IFNAME, name);
    }

    static void request(MessageWriter writer, int index) {
        writer.start(Uapi.RTM_GETLINK, 0).number(0).number(index).number(0).number(0);
    }

    /** Creates a link, an ipip link with that local address unless it is 0.0.0.0. */
    static void writeCreate(MessageWriter writer, String name, String kind, Ipv4 local) {
        start(writer, Uapi.RTM_NEWLINK, Uapi.NLM_F_CREATE | Uapi.NLM_F_EXCL, 0)
                .text(Uapi.IFLA_IFNAME, name)
                .nest(Uapi.IFLA_LINKINFO, info -> {
                    info.text(Uapi.IFLA_INFO_KIND, kind);
                    if (!local.equals(Ipv4.ANY)) {
                        info.nest(Uapi.IFLA_INFO_DATA, data -> data.address(Uapi.IFLA_IPTUN_LOCAL, local));
                    }
                });
    }

    static void writeMtu(MessageWriter writer, String name, int mtu) {
        start(writer, Uapi.RTM_NEWLINK, 0, 0).text(Uapi.IFLA_IFNAME, name).number(Uapi.IFLA_MTU, mtu);
    }

    static void writeUp(MessageWriter writer, String name) {
        start(writer, Uapi.RTM_NEWLINK, 0, Uapi.IFF_UP).text(Uapi.IFLA_IFNAME, name);
    }

    static void writeDown(MessageWriter writer, String name) {
        writer.start(Uapi.RTM_NEWLINK, 0)
                .number(0)
                .number(0)
                .number(0)
                .number(Uapi.IFF_UP)
                .text(Uapi.IFLA_IFNAME, name);
    }

    static void writeDelete(MessageWriter writer, String name) {
        start(writer, Uapi.RTM_DELLINK, 0, 0).text(Uapi.IFLA_IFNAME, name);
    }

    /** The index of the bridge or bond that a link is a port of, 0 for none. */
    static int master(MessageReader message) throws NetlinkException {
        AttributeReader attributes = message.attributes(FIXED);
        int master = 0;
        while (attributes.next()) {
            master = attributes.type() == Uapi.IFLA_MASTER ? attributes.number() : master;
        }
        return master;
    }

    /** With index 0 the kernel goes by the name. */
    private static MessageWriter start(MessageWriter writer, int type, int flags, int linkFlags) {
        return writer.start(type, flags).number(0).number(0).number(linkFlags).number(linkFlags);
    }
}
