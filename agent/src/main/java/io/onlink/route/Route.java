package io.onlink.route;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;

/**
 * One onlink route of ours in the main table, metric 0, tos 0, out of the tunnel.
 *
 * @param dst the destination; with table, tos and metric fixed it is the FIB key
 * @param gateway the peer's node IP; of a route through a nexthop object, that object's gateway
 * @param nexthop id of the nexthop object the route refers to, 0 for a plain route
 * @param mtu of its path in bytes, locked, with the advmss that follows from it ({@code RTAX_MTU}, {@code RTAX_LOCK},
 *     {@code RTAX_ADVMSS}); 0 for the link's own
 * @param intact whether the kernel's route has every other field as we write it: oif the tunnel, onlink, scope global,
 *     type unicast. Always true for a desired route; false in a dump makes the two differ
 */
public record Route(Ipv4Prefix dst, Ipv4 gateway, long nexthop, int mtu, boolean intact) implements Comparable<Route> {
    /** {@code rtm_protocol} of everything we install; "onlink" in {@code rt_protos.d}. */
    public static final int PROTOCOL = 114;

    /** Bytes of an IPv4 and a TCP header without options, by which a segment is smaller than the MTU (RFC 9293 section 3.7.1). */
    public static final int SEGMENT_HEADERS = 40;

    /** A route with the link's own MTU. */
    public Route(Ipv4Prefix dst, Ipv4 gateway, long nexthop, boolean intact) {
        this(dst, gateway, nexthop, 0, intact);
    }

    /** A plain desired route. */
    public static Route plain(Ipv4Prefix dst, Ipv4 gateway) {
        return new Route(dst, gateway, 0, true);
    }

    /** A desired route through the nexthop object. */
    public static Route through(Ipv4Prefix dst, Nexthop nexthop) {
        return new Route(dst, nexthop.gateway(), nexthop.id(), true);
    }

    /** The same with another MTU. */
    public Route withMtu(int bytes) {
        return new Route(dst, gateway, nexthop, bytes, intact);
    }

    @Override
    public int compareTo(Route other) {
        return dst.compareTo(other.dst);
    }

    /** As {@code ip route} prints it, without the device. */
    @Override
    public String toString() {
        return dst + (nexthop == 0 ? "" : " nhid " + nexthop) + " via " + gateway + metrics()
                + (intact ? "" : " (altered)");
    }

    private String metrics() {
        return mtu == 0 ? "" : " mtu lock " + mtu + " advmss " + (mtu - SEGMENT_HEADERS);
    }
}
