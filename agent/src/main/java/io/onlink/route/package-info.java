/**
 * Which routes there should be, which there are, and the steps from one to the other.
 *
 * <p>The kernel's own table is the only record of what is installed: a pass dumps, compares and applies, and remembers
 * nothing. Only routes and nexthop objects of protocol {@value io.onlink.route.Route#PROTOCOL} are ours; all else is
 * foreign and never touched. Owned by the agent's thread; the {@link io.onlink.route.Kernel} is the only way out.
 */
@NullMarked
package io.onlink.route;

import org.jspecify.annotations.NullMarked;
