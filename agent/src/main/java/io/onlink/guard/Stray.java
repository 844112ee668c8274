package io.onlink.guard;

import io.onlink.inet.Ipv4;

/**
 * Packets that were dropped as a stranger's or a spoofed peer's.
 *
 * @param outer source of the outer header
 * @param inner source of the inner header
 */
public record Stray(Ipv4 outer, Ipv4 inner) {}
