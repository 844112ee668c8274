/**
 * The gossip cluster reduced to values: who is a member, what each says of itself, who has left.
 *
 * <p>Atomix supplies the engine; the protocol in it is {@link io.onlink.swim.Swim}, and the sockets are ours: one UDP
 * and one TCP port on one address, served by one event loop that never blocks. Atomix's types and the protobuf messages
 * stop inside this package. What leaves it is always a whole {@link io.onlink.peer.Gossip}, never an increment, so that
 * a lost event costs nothing.
 *
 * <p>Every frame, in and out, passes {@code FrameCodec}; no byte of it reaches a serialiser of Atomix's. Everything,
 * the calls of a listener too, happens on the event loop's one thread, named {@code onlink-gossip}.
 */
@NullMarked
package io.onlink.membership;

import org.jspecify.annotations.NullMarked;
