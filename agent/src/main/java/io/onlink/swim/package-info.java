/**
 * The membership protocol, pure: SWIM with Lifeguard's local health, confirmed suspicion, and anti-entropy.
 *
 * <p>{@link io.onlink.swim.Swim} is one state machine. Messages and the time go in, messages to be sent come out; time
 * is an argument, in nanoseconds of a monotonic clock, and chance is a generator that is handed in. So a thousand
 * members run in a test, in virtual time, and the same seed gives the same run.
 *
 * <p>Invariants: only a member itself raises its incarnation; nobody is removed before it had a suspicion's whole
 * minimum in which to refute; who has announced its leave with its token does not come back under that boot id while
 * that is remembered, which is for an hour, of the last 1024; all that is kept of others is bounded. Of one thread.
 */
@NullMarked
package io.onlink.swim;

import org.jspecify.annotations.NullMarked;
