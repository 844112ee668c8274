package io.onlink.netlink;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.route.Route;
import org.jspecify.annotations.Nullable;

/**
 * An IPv4 route as the kernel tells it ({@code struct rtmsg}).
 *
 * @param dst RTA_DST and rtm_dst_len; with tos, metric and table the key
 * @param tos rtm_tos
 * @param table RTA_TABLE, or rtm_table
 * @param protocol rtm_protocol
 * @param scope rtm_scope
 * @param type rtm_type
 * @param flags rtm_flags
 * @param gateway RTA_GATEWAY, null if it has none
 * @param oif RTA_OIF, 0 if it has none
 * @param metric RTA_PRIORITY
 * @param nexthop RTA_NH_ID, 0 if it refers to no nexthop object
 * @param source RTA_PREFSRC, null if it has none
 * @param mtu of RTA_METRICS, where those are as we write them; 0 if there are none
 * @param special whether it has more that we never write: several paths, other metrics, a realm, an encapsulation
 */
record RouteMessage(
        Ipv4Prefix dst,
        int tos,
        long table,
        int protocol,
        int scope,
        int type,
        int flags,
        @Nullable Ipv4 gateway,
        int oif,
        long metric,
        long nexthop,
        @Nullable Ipv4 source,
        int mtu,
        boolean special) {
    private static final int FIXED = 12;

    /** The bit of {@code RTAX_LOCK} that keeps what routers say from changing the MTU. */
    private static final int LOCK_MTU = 1 << Uapi.RTAX_MTU;

    private static final int OTHER_METRICS = -1;

    /** Whether an RTM_NEWROUTE or RTM_DELROUTE is of IPv4, the main table and that protocol; reads no attribute. */
    static boolean isMain(MessageReader message, int protocol) throws NetlinkException {
        return isMain(message) && message.octet(5) == protocol;
    }

    /** Whether an RTM_NEWROUTE or RTM_DELROUTE is of a default route of the main table; reads no attribute. */
    static boolean isDefault(MessageReader message) throws NetlinkException {
        return isMain(message) && message.octet(1) == 0;
    }

    /** Whether an RTM_NEWROUTE or RTM_DELROUTE is of IPv4 and the main table; reads no attribute. */
    static boolean isMain(MessageReader message) throws NetlinkException {
        message.need(FIXED);
        return message.octet(0) == Uapi.AF_INET && message.octet(4) == Uapi.RT_TABLE_MAIN;
    }

    static RouteMessage decode(MessageReader message) throws NetlinkException {
        AttributeReader attributes = message.attributes(FIXED);
        Ipv4 dst = Ipv4.ANY;
        Ipv4 gateway = null;
        Ipv4 source = null;
        int oif = 0;
        long metric = 0;
        long nexthop = 0;
        long table = message.octet(4);
        int mtu = 0;
        boolean special = false;
        while (attributes.next()) {
            switch (attributes.type()) {
                case Uapi.RTA_DST -> dst = attributes.address();
                case Uapi.RTA_GATEWAY -> gateway = attributes.address();
                case Uapi.RTA_PREFSRC -> source = attributes.address();
                case Uapi.RTA_OIF -> oif = attributes.number();
                case Uapi.RTA_PRIORITY -> metric = Integer.toUnsignedLong(attributes.number());
                case Uapi.RTA_NH_ID -> nexthop = Integer.toUnsignedLong(attributes.number());
                case Uapi.RTA_TABLE -> table = Integer.toUnsignedLong(attributes.number());
                case Uapi.RTA_METRICS -> {
                    mtu = mtu(attributes.nest());
                    special |= mtu == OTHER_METRICS;
                }
                case Uapi.RTA_MULTIPATH, Uapi.RTA_FLOW, Uapi.RTA_VIA, Uapi.RTA_ENCAP, Uapi.RTA_ENCAP_TYPE ->
                    special = true;
                default -> {
                    // What later kernels add is none of the key and none of what we write.
                }
            }
        }
        return new RouteMessage(
                prefix(dst, message.octet(1)),
                message.octet(3),
                table,
                message.octet(5),
                message.octet(6),
                message.octet(7),
                message.number(8),
                gateway,
                oif,
                metric,
                nexthop,
                source,
                Math.max(0, mtu),
                special);
    }

    /** The destination alone. */
    static Ipv4Prefix destination(MessageReader message) throws NetlinkException {
        AttributeReader attributes = message.attributes(FIXED);
        while (attributes.next()) {
            if (attributes.type() == Uapi.RTA_DST) {
                return prefix(attributes.address(), message.octet(1));
            }
        }
        return prefix(Ipv4.ANY, message.octet(1));
    }

    /** The MTU of metrics as we write them, {@link #OTHER_METRICS} of others. */
    private static int mtu(AttributeReader metrics) throws NetlinkException {
        int mtu = 0;
        int advmss = 0;
        int lock = 0;
        boolean others = false;
        while (metrics.next()) {
            switch (metrics.type()) {
                case Uapi.RTAX_MTU -> mtu = metrics.number();
                case Uapi.RTAX_ADVMSS -> advmss = metrics.number();
                case Uapi.RTAX_LOCK -> lock = metrics.number();
                default -> others = true;
            }
        }
        boolean ours = mtu > 0 && advmss == mtu - Route.SEGMENT_HEADERS && lock == LOCK_MTU && !others;
        boolean none = mtu == 0 && advmss == 0 && lock == 0 && !others;
        return ours || none ? mtu : OTHER_METRICS;
    }

    private static Ipv4Prefix prefix(Ipv4 dst, int length) throws NetlinkException {
        if (length > 32 || !Ipv4Prefix.of(dst, length).base().equals(dst)) {
            throw new NetlinkException("a route to " + dst + "/" + length + ", which is no prefix");
        }
        return Ipv4Prefix.of(dst, length);
    }

    /** As we write it, out of the link with that index. */
    static RouteMessage of(Route route, int oif) {
        boolean plain = route.nexthop() == 0;
        return new RouteMessage(
                route.dst(),
                0,
                Uapi.RT_TABLE_MAIN,
                Route.PROTOCOL,
                Uapi.RT_SCOPE_UNIVERSE,
                Uapi.RTN_UNICAST,
                plain ? Uapi.RTNH_F_ONLINK : 0,
                plain ? route.gateway() : null,
                plain ? oif : 0,
                0,
                route.nexthop(),
                null,
                route.mtu(),
                false);
    }

    /** Whether all but the gateway, device and onlink flag is as we write it. */
    boolean isPlain() {
        return metric == 0
                && tos == 0
                && scope == Uapi.RT_SCOPE_UNIVERSE
                && type == Uapi.RTN_UNICAST
                && source == null
                && !special;
    }

    /** The dump of a table's routes of one protocol; kernels before 4.20 ignore both and give all. */
    static void requestDump(MessageWriter writer, int protocol) {
        writer.start(Uapi.RTM_GETROUTE, Uapi.NLM_F_DUMP)
                .octets(Uapi.AF_INET, 0, 0, 0)
                .octets(Uapi.RT_TABLE_MAIN, protocol, 0, 0)
                .number(0);
    }

    /** The dump of all tables' routes out of the link with that index, or of all if it is 0. */
    static void requestDumpOfAll(MessageWriter writer, int oif) {
        writer.start(Uapi.RTM_GETROUTE, Uapi.NLM_F_DUMP)
                .octets(Uapi.AF_INET, 0, 0, 0)
                .octets(0, 0, 0, 0)
                .number(0);
        if (oif != 0) {
            writer.number(Uapi.RTA_OIF, oif);
        }
    }

    /** The route that a packet to the destination takes. */
    static void requestLookup(MessageWriter writer, Ipv4 dst) {
        writer.start(Uapi.RTM_GETROUTE, 0)
                .octets(Uapi.AF_INET, 32, 0, 0)
                .octets(0, 0, 0, 0)
                .number(0)
                .address(Uapi.RTA_DST, dst);
    }

    /** Whether a lookup was refused because the route is unreachable, blackhole, prohibit or missing. */
    static boolean isUnreachable(Refusal refusal) {
        return switch (refusal.errno()) {
            case Errno.ENETUNREACH, Errno.EHOSTUNREACH, Errno.EINVAL, Errno.EACCES -> true;
            default -> false;
        };
    }

    /** A plain onlink route out of a link. */
    static void writePlain(MessageWriter writer, int flags, Route route, int oif) {
        start(writer, flags, route.dst(), Uapi.RTNH_F_ONLINK)
                .address(Uapi.RTA_GATEWAY, route.gateway())
                .number(Uapi.RTA_OIF, oif);
        writeMetrics(writer, route.mtu());
    }

    /** A route through a nexthop object, which brings device and onlink flag with it. */
    static void writeThrough(MessageWriter writer, int flags, Route route) {
        start(writer, flags, route.dst(), 0).number(Uapi.RTA_NH_ID, (int) route.nexthop());
        writeMetrics(writer, route.mtu());
    }

    private static void writeMetrics(MessageWriter writer, int mtu) {
        if (mtu != 0) {
            writer.nest(
                    Uapi.RTA_METRICS,
                    metrics -> metrics.number(Uapi.RTAX_LOCK, LOCK_MTU)
                            .number(Uapi.RTAX_MTU, mtu)
                            .number(Uapi.RTAX_ADVMSS, mtu - Route.SEGMENT_HEADERS));
        }
    }

    private static MessageWriter start(MessageWriter writer, int flags, Ipv4Prefix dst, int routeFlags) {
        return writer.start(Uapi.RTM_NEWROUTE, flags)
                .octets(Uapi.AF_INET, dst.length(), 0, 0)
                .octets(Uapi.RT_TABLE_MAIN, Route.PROTOCOL, Uapi.RT_SCOPE_UNIVERSE, Uapi.RTN_UNICAST)
                .number(routeFlags)
                .address(Uapi.RTA_DST, dst.base());
    }

    /** Deletes exactly this route: no other of the same destination fits. */
    void writeDelete(MessageWriter writer) {
        writer.start(Uapi.RTM_DELROUTE, 0)
                .octets(Uapi.AF_INET, dst.length(), 0, tos)
                .octets(Uapi.RT_TABLE_MAIN, protocol, scope, type)
                .number(0)
                .address(Uapi.RTA_DST, dst.base());
        if (metric != 0) {
            writer.number(Uapi.RTA_PRIORITY, (int) metric);
        }
        writeMetrics(writer, mtu);
        if (nexthop != 0) {
            writer.number(Uapi.RTA_NH_ID, (int) nexthop);
            return;
        }
        if (oif != 0) {
            writer.number(Uapi.RTA_OIF, oif);
        }
        if (gateway != null) {
            writer.address(Uapi.RTA_GATEWAY, gateway);
        }
    }
}
