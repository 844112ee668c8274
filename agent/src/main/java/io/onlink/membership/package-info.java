/**
 * The gossip cluster reduced to values: who is a member, what each says of itself, who has left.
 *
 * <p>Atomix supplies the membership protocol (SWIM); the sockets are ours: one UDP and one TCP port on one address,
 * served by one event loop that never blocks. Atomix's types and the protobuf message stop inside this package. What
 * leaves it is always a whole {@link io.onlink.peer.Gossip}, never an increment, so that a lost event costs nothing.
 *
 * <p>Every frame, in and out, passes {@code FrameCodec}. Every call of a listener comes from the one thread named
 * {@code onlink-membership}.
 */
@NullMarked
package io.onlink.membership;

import org.jspecify.annotations.NullMarked;
