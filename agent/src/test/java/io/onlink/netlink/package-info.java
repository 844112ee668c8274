/**
 * The kernel over rtnetlink, tested twice: octets that a kernel once gave, flipped and cut, decode or are refused; and a
 * network namespace of each test's own, whose {@code ip route} says what came of it. The latter need root.
 */
@NullMarked
package io.onlink.netlink;

import org.jspecify.annotations.NullMarked;
