/**
 * The whole agent but its sockets and syscalls, many of them, in virtual time: one thread, one seed, one course of events.
 *
 * <p>What runs is the real loop, roster, claim, reconciler and membership protocol, over a model kernel and a model
 * network. {@link io.onlink.sim.World} is one run, {@link io.onlink.sim.Invariants} says what must hold in it, and {@link
 * io.onlink.sim.Simulation} makes many of them. Of the thread that makes the world; worlds share nothing.
 */
@NullMarked
package io.onlink.sim;

import org.jspecify.annotations.NullMarked;
