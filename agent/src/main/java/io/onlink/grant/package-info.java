/**
 * What an operator's authority lets a node claim: a grant, signed with Ed25519 (RFC 8032).
 *
 * <p>A grant names a node, its node IPs and the prefixes its subnets must lie in. Its bytes are verified before they are
 * read. There is no expiry, for no decision here depends on a wall clock: what was granted is taken back by a new
 * authority key. Pure: no files, no clock; owned by the agent's thread.
 */
@NullMarked
package io.onlink.grant;

import org.jspecify.annotations.NullMarked;
