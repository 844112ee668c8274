/**
 * Packets that only holders of the mesh's key can make or read, and that mean something once.
 *
 * <p>{@link io.onlink.seal.Envelope} is the packet: a short keyed hash, checked first and without allocating, around
 * ChaCha20-Poly1305 (RFC 8439). {@link io.onlink.seal.Sessions} is the conversation: three packets make two runs of two
 * agents known to each other, and from then on every packet has a place in a replay window. The key of a packet is
 * derived from the mesh's key, the sender's boot id and the receiver's, so that it opens at one run of one agent only.
 *
 * <p>Invariant: no sequence number is used twice by one boot id, whatever the key and the receiver. No forward secrecy:
 * who has the mesh's key reads what was captured.
 *
 * <p>Pure: no sockets, no threads, the clock is an argument. Sessions belong to the one thread that calls them.
 */
@NullMarked
package io.onlink.seal;

import org.jspecify.annotations.NullMarked;
