package io.onlink.membership;

/**
 * What went over the gossip sockets since the start.
 *
 * @param datagramsReceived UDP datagrams taken in, refused ones included
 * @param datagramsSent UDP datagrams handed to the kernel
 * @param bytesReceived payload bytes of UDP and TCP, without IP, UDP and TCP headers
 * @param bytesSent likewise, sent
 * @param rejected frames that were none of ours or could not be read, and connections beyond the limit
 */
public record GossipCounters(
        long datagramsReceived, long datagramsSent, long bytesReceived, long bytesSent, long rejected) {}
