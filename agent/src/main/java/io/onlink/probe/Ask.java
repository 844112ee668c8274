package io.onlink.probe;

import io.onlink.inet.Ipv4;

/**
 * A question to send.
 *
 * @param to the peer's tunnel address
 * @param size of the whole IP packet inside of the tunnel, in bytes
 * @param number comes back in the answer; a random start, so that who has not seen the question cannot answer it
 * @param heard tenths of a second since something of the peer arrived through the tunnel, {@link Packet#NEVER} if nothing,
 *     {@link Packet#GUARDED} if the guard drops it
 */
public record Ask(Ipv4 to, int size, long number, int heard) {}
