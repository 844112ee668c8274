/**
 * What happened lately on this node, for people: who, what, when and why.
 *
 * <p>Invariant: it decides nothing and is bounded, {@value io.onlink.history.History#MOST} entries of at most a few
 * hundred characters; the time of day in it is for display alone. Written by the agent's thread, and what is known of
 * others' deeds by the thread of the kernel's notifications; read by any.
 */
@NullMarked
package io.onlink.history;

import org.jspecify.annotations.NullMarked;
