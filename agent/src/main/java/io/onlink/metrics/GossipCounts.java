package io.onlink.metrics;

import java.util.Map;

/**
 * What the gossip socket has counted since start; no figure ever falls.
 *
 * @param datagramsReceived datagrams received
 * @param bytesReceived their bytes, without IP and UDP headers
 * @param datagramsSent datagrams sent
 * @param bytesSent their bytes
 * @param sessions sessions opened with other agents
 * @param rejected packets thrown away, by reason
 * @param unknownKeys packets of members' addresses sealed with a key we do not have, by address
 */
public record GossipCounts(
        long datagramsReceived,
        long bytesReceived,
        long datagramsSent,
        long bytesSent,
        long sessions,
        Map<String, Long> rejected,
        Map<String, Long> unknownKeys) {
    /** Nothing counted. */
    public static final GossipCounts ZERO = new GossipCounts(0, 0, 0, 0, 0, Map.of(), Map.of());

    public GossipCounts {
        rejected = Map.copyOf(rejected);
        unknownKeys = Map.copyOf(unknownKeys);
    }
}
