/**
 * Attacks on a real agent, with real bytes, by a host on its network that is no member of its mesh.
 *
 * <p>Hosts 1 and 2 run the packaged agent in namespaces on one bridge; host 3 is the attacker's, and it hears whatever
 * passes the bridge. Each class is one kind of attack. What holds throughout: no route of the agents' hosts changes, as
 * {@code ip monitor} sees it, and no member comes, goes or is doubted. These tests need root. The attacks run on threads
 * of this process that stand in the attacker's namespace.
 */
@NullMarked
package io.onlink.attack;

import org.jspecify.annotations.NullMarked;
