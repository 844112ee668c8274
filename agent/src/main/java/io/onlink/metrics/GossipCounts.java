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
 * @param judged what was held against other members
 */
public record GossipCounts(
        long datagramsReceived,
        long bytesReceived,
        long datagramsSent,
        long bytesSent,
        long sessions,
        Map<String, Long> rejected,
        Map<String, Long> unknownKeys,
        Judged judged) {
    /** Nothing counted. */
    public static final GossipCounts ZERO = new GossipCounts(0, 0, 0, 0, 0, Map.of(), Map.of(), Judged.NOBODY);

    public GossipCounts {
        rejected = Map.copyOf(rejected);
        unknownKeys = Map.copyOf(unknownKeys);
    }

    /**
     * What was held against other members, rightly or not.
     *
     * @param suspectedByOwnProbe suspicions begun because this node found a member silent
     * @param suspectedByOthers suspicions begun on another node's word
     * @param lost members given up as silent, without an announced leave
     */
    public record Judged(long suspectedByOwnProbe, long suspectedByOthers, long lost) {
        /** Nothing counted. */
        public static final Judged NOBODY = new Judged(0, 0, 0);
    }
}
