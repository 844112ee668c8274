package io.onlink.metrics;

/**
 * What the gossip socket has counted since start; no figure ever falls.
 *
 * @param datagramsReceived datagrams received
 * @param bytesReceived their bytes, without IP and UDP headers
 * @param datagramsSent datagrams sent
 * @param bytesSent their bytes
 * @param rejected datagrams thrown away
 */
public record GossipCounts(
        long datagramsReceived, long bytesReceived, long datagramsSent, long bytesSent, long rejected) {
    /** Nothing counted. */
    public static final GossipCounts ZERO = new GossipCounts(0, 0, 0, 0, 0);
}
