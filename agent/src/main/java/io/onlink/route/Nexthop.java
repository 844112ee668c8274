package io.onlink.route;

import io.onlink.inet.Ipv4;

/**
 * One nexthop object of ours (Linux 5.3, {@code include/uapi/linux/nexthop.h}).
 *
 * @param id its id in the network namespace, 1 to 2^32-1
 * @param gateway the peer's node IP
 * @param intact whether oif is the tunnel and onlink is set; always true for a desired one
 */
public record Nexthop(long id, Ipv4 gateway, boolean intact) implements Comparable<Nexthop> {
    @Override
    public int compareTo(Nexthop other) {
        return Long.compare(id, other.id);
    }

    /** As {@code ip nexthop} prints it, without the device. */
    @Override
    public String toString() {
        return "id " + id + " via " + gateway + (intact ? "" : " (altered)");
    }
}
