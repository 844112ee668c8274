package io.onlink.guard;

import io.onlink.inet.Ipv4;
import java.util.Map;

/**
 * What the guard has counted since it was last written whole.
 *
 * @param dropped packets by reason; a reason that the back end cannot tell is missing
 * @param peers what each peer sent and was sent, by node IP; empty if not asked for, or not counted by the back end
 */
public record GuardCounts(Map<DropReason, Long> dropped, Map<Ipv4, Traffic> peers) {
    /** Nothing was counted. */
    public static final GuardCounts NONE = new GuardCounts(Map.of(), Map.of());

    public GuardCounts {
        dropped = Map.copyOf(dropped);
        peers = Map.copyOf(peers);
    }

    /**
     * Tunnel packets of one peer that the guard let in, and that this host sent to it. Bytes are those of the outer
     * packet, its header included.
     */
    public record Traffic(long receivePackets, long receiveBytes, long transmitPackets, long transmitBytes) {
        /** None. */
        public static final Traffic NONE = new Traffic(0, 0, 0, 0);

        /** The sum of both. */
        public Traffic plus(Traffic other) {
            return new Traffic(
                    receivePackets + other.receivePackets,
                    receiveBytes + other.receiveBytes,
                    transmitPackets + other.transmitPackets,
                    transmitBytes + other.transmitBytes);
        }
    }
}
