package io.onlink.route;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;

/**
 * How this host's links are to be.
 *
 * @param tunnel name of the ipip link, such as tunl0
 * @param subnet the first subnet: its base address goes on the tunnel as a /32
 * @param nodeIp the address that the outer header carries; its link is the underlay
 * @param mtu of the tunnel in bytes, 0 to follow the underlay
 * @param bridge name of the bridge with the subnet's first address, empty for none
 * @param forwarding whether {@code net.ipv4.ip_forward} is to be on
 */
public record TunnelSettings(
        String tunnel, Ipv4Prefix subnet, Ipv4 nodeIp, int mtu, String bridge, boolean forwarding) {
    /** The address of the tunnel itself: the subnet's base as a /32. */
    Link.Address base() {
        return Link.Address.ours(subnet.base(), 32);
    }
}
