package io.onlink.probe;

import io.onlink.inet.Ipv4;

/**
 * Packets that this host's guard has dropped lately.
 *
 * @param outer source of the outer header
 * @param inner source of the inner header
 */
public record Dropped(Ipv4 outer, Ipv4 inner) {}
