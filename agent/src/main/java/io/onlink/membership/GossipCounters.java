package io.onlink.membership;

import io.onlink.seal.PacketRefusal;
import io.onlink.swim.Tally;
import java.util.Map;

/**
 * What went over the gossip sockets since the start.
 *
 * @param datagramsReceived UDP datagrams taken in, refused ones included
 * @param datagramsSent UDP datagrams handed to the kernel
 * @param bytesReceived payload bytes of UDP and TCP, without IP, UDP and TCP headers
 * @param bytesSent likewise, sent
 * @param sessions sessions opened with other runs
 * @param refused what was thrown away, by reason, every reason there is
 * @param unknownKeys packets of members' addresses that were sealed with a key we do not have, by address
 * @param tally what was held against other members
 */
public record GossipCounters(
        long datagramsReceived,
        long datagramsSent,
        long bytesReceived,
        long bytesSent,
        long sessions,
        Map<PacketRefusal, Long> refused,
        Map<String, Long> unknownKeys,
        Tally tally) {
    public GossipCounters {
        refused = Map.copyOf(refused);
        unknownKeys = Map.copyOf(unknownKeys);
    }

    /** All that was thrown away. */
    public long rejected() {
        return refused.values().stream().mapToLong(Long::longValue).sum();
    }
}
