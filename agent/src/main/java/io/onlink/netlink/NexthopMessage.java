package io.onlink.netlink;

import io.onlink.inet.Ipv4;
import io.onlink.route.Nexthop;
import io.onlink.route.Route;
import org.jspecify.annotations.Nullable;

/**
 * A nexthop object as the kernel tells it ({@code struct nhmsg}).
 *
 * @param id NHA_ID, 1 to 2^32-1
 * @param protocol nh_protocol
 * @param flags nh_flags
 * @param gateway NHA_GATEWAY, null if it has none or an IPv6 one
 * @param oif NHA_OIF, 0 if it has none
 * @param special whether it is a group, a blackhole, a bridge's or an encapsulation
 */
record NexthopMessage(
        long id, int protocol, int flags, @Nullable Ipv4 gateway, int oif, boolean special) {
    private static final int FIXED = 8;

    static NexthopMessage decode(MessageReader message) throws NetlinkException {
        AttributeReader attributes = message.attributes(FIXED);
        long id = 0;
        Ipv4 gateway = null;
        int oif = 0;
        boolean special = false;
        while (attributes.next()) {
            switch (attributes.type()) {
                case Uapi.NHA_ID -> id = Integer.toUnsignedLong(attributes.number());
                case Uapi.NHA_OIF -> oif = attributes.number();
                case Uapi.NHA_GATEWAY -> gateway = attributes.isIpv4() ? attributes.address() : null;
                case Uapi.NHA_GROUP, Uapi.NHA_BLACKHOLE, Uapi.NHA_ENCAP_TYPE, Uapi.NHA_FDB -> special = true;
                default -> {
                    // What later kernels add is nothing that we write.
                }
            }
        }
        if (id == 0) {
            throw new NetlinkException("a nexthop object without an id");
        }
        return new NexthopMessage(id, message.octet(2), message.number(4), gateway, oif, special);
    }

    boolean isOurs() {
        return protocol == Route.PROTOCOL;
    }

    /** The core's value of it, where the tunnel has that index. */
    Nexthop value(int tunnel) {
        boolean intact = gateway != null && !special && oif == tunnel && (flags & Uapi.RTNH_F_ONLINK) != 0;
        return new Nexthop(id, gateway == null ? Ipv4.ANY : gateway, intact);
    }

    static void requestDump(MessageWriter writer) {
        writer.start(Uapi.RTM_GETNEXTHOP, Uapi.NLM_F_DUMP).number(0).number(0);
    }

    static void write(MessageWriter writer, int flags, Nexthop nexthop, int oif) {
        writer.start(Uapi.RTM_NEWNEXTHOP, flags)
                .octets(Uapi.AF_INET, 0, Route.PROTOCOL, 0)
                .number(Uapi.RTNH_F_ONLINK)
                .number(Uapi.NHA_ID, (int) nexthop.id())
                .number(Uapi.NHA_OIF, oif)
                .address(Uapi.NHA_GATEWAY, nexthop.gateway());
    }

    static void writeDelete(MessageWriter writer, long id) {
        writer.start(Uapi.RTM_DELNEXTHOP, 0).number(0).number(0).number(Uapi.NHA_ID, (int) id);
    }
}
