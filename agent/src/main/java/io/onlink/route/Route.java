package io.onlink.route;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;

/**
 * One onlink route of ours in the main table, metric 0, tos 0, out of the tunnel.
 *
 * @param dst the destination; with table, tos and metric fixed it is the FIB key
 * @param gateway the peer's node IP; of a route through a nexthop object, that object's gateway
 * @param nexthop id of the nexthop object the route refers to, 0 for a plain route
 * @param intact whether the kernel's route has every other field as we write it: oif the tunnel, onlink, scope global,
 *     type unicast. Always true for a desired route; false in a dump makes the two differ
 */
public record Route(Ipv4Prefix dst, Ipv4 gateway, long nexthop, boolean intact) implements Comparable<Route> {
    /** {@code rtm_protocol} of everything we install; "onlink" in {@code rt_protos.d}. */
    public static final int PROTOCOL = 114;

    /** A plain desired route. */
    public static Route plain(Ipv4Prefix dst, Ipv4 gateway) {
        return new Route(dst, gateway, 0, true);
    }

    /** A desired route through the nexthop object. */
    public static Route through(Ipv4Prefix dst, Nexthop nexthop) {
        return new Route(dst, nexthop.gateway(), nexthop.id(), true);
    }

    @Override
    public int compareTo(Route other) {
        return dst.compareTo(other.dst);
    }

    /** As {@code ip route} prints it, without the device. */
    @Override
    public String toString() {
        return dst + (nexthop == 0 ? "" : " nhid " + nexthop) + " via " + gateway + (intact ? "" : " (altered)");
    }
}
