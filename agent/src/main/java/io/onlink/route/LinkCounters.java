package io.onlink.route;

/**
 * A link's counters ({@code struct rtnl_link_stats64}); on a tunnel the bytes are those of the inner packets.
 *
 * @param receivePackets decapsulated packets
 * @param receiveBytes their bytes
 * @param receiveErrors bad packets
 * @param receiveDropped dropped packets
 * @param transmitPackets encapsulated packets
 * @param transmitBytes their bytes
 * @param transmitErrors packets that could not be sent
 * @param transmitDropped dropped packets
 * @param transmitCarrierErrors packets with no underlay route to the gateway
 * @param transmitLoops packets whose outer destination routes back into the tunnel ("collisions")
 */
public record LinkCounters(
        long receivePackets,
        long receiveBytes,
        long receiveErrors,
        long receiveDropped,
        long transmitPackets,
        long transmitBytes,
        long transmitErrors,
        long transmitDropped,
        long transmitCarrierErrors,
        long transmitLoops) {
    /** Nothing counted. */
    public static final LinkCounters ZERO = new LinkCounters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
