package io.onlink.metrics;

import io.onlink.inet.Ipv4;

/**
 * A peer of now, as the per-peer series know it.
 *
 * @param name the node's name, the value of the label {@code peer}
 * @param nodeIp the gateway of its routes
 * @param installed whether all of its routes are in the kernel
 */
public record PeerRoutes(String name, Ipv4 nodeIp, boolean installed) {}
