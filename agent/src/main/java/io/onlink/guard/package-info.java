/**
 * Which tunnel packets this host takes: the packet guard, as values, and as what a back end must do.
 *
 * <p>The kernel's own table is the only record of what the guard lets in: a pass reads, compares and applies, and
 * remembers nothing. A {@link io.onlink.guard.GuardTable} is all that may pass: the subnets of each peer behind its own
 * node IP, and to our subnets only. It is widened before routes appear and narrowed after they are gone, so that a route
 * is never there without its pair. Owned by the agent's thread; the {@link io.onlink.guard.Guard} is the only way out.
 */
@NullMarked
package io.onlink.guard;

import org.jspecify.annotations.NullMarked;
