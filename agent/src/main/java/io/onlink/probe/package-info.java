/**
 * Whether packets pass through the tunnel to each peer, how large they may be, and what is wrong in words.
 *
 * <p>{@link io.onlink.probe.Prober} decides whom to ask what and what the answers mean; {@link io.onlink.probe.Packet} is
 * the question and the answer on the wire. An answer is never longer than its question.
 *
 * <p>Invariant: what is asked in a second has a fixed bound, however many peers there are and however many are silent.
 *
 * <p>Pure: no sockets, no threads; time, in nanoseconds of a monotonic clock, and chance are arguments. A prober belongs
 * to the one thread that calls it, or to its lock.
 */
@NullMarked
package io.onlink.probe;

import org.jspecify.annotations.NullMarked;
