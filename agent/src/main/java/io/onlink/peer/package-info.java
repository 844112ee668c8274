/**
 * Who is in the mesh, as this node sees it: what nodes claim, which claims are admitted, and who owns a contested
 * prefix.
 *
 * <p>Everything from the network is a claim until {@link io.onlink.peer.PeerView} has admitted it. Admission is a pure
 * function of the set of claims and of what this host knows of its own underlay; time is an argument. Owned by the
 * agent's thread.
 */
@NullMarked
package io.onlink.peer;

import org.jspecify.annotations.NullMarked;
