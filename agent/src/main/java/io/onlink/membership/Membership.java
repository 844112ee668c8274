package io.onlink.membership;

import io.onlink.inet.Ipv4;
import io.onlink.peer.Advertisement;
import io.onlink.peer.Gossip;
import io.onlink.peer.NodeName;
import io.onlink.peer.Verdict;
import java.util.Set;

/** Membership of the mesh: says what this node is, hears what the others are. */
public interface Membership extends AutoCloseable {
    /**
     * Opens the sockets and joins; returns when the sockets are bound, whether or not anyone answers.
     *
     * @throws MembershipException if the port is taken or the address is not this host's, with what to do
     */
    void start() throws MembershipException;

    /** Says anew what this node is: replaces the whole previous advertisement, and is gossiped at once. */
    void advertise(Advertisement self);

    /**
     * Asks the peer's kernel whether its host is up: a TCP connection attempt to its node IP and gossip port.
     *
     * <p>An answer of any kind within 1.5 s, or up to 5 s where the way is known to be slow, accepted or refused, is a host
     * that lives and forwards, even if its agent does not. What fails on this host (no route, no address, no permission,
     * no descriptor) is no silence of the other's. The result comes to {@link Listener#probed}.
     */
    void probe(Advertisement peer);

    /**
     * Where the seeds are, as far as their names have ever been resolved, without this node: of each name the last
     * answer. May be asked on any thread; looks nothing up.
     */
    Set<Ipv4> seeds();

    /** Announces to every member that this node leaves, and returns when that is sent or 1 s has passed. */
    void leave();

    /** Closes the sockets and ends the threads, without an announcement. */
    @Override
    void close();

    /** Told of changes. All calls come from one thread of the membership, which they must not hold up. */
    interface Listener {
        /** The whole of what gossip knows, after something in it has changed. */
        void gossip(Gossip snapshot);

        /** Likewise, with when the first of these changes came in, by {@link System#nanoTime}. */
        default void gossip(Gossip snapshot, long eventAt) {
            gossip(snapshot);
        }

        /** The run of an agent with this boot id has used {@link AtomixMembership#heard}. */
        default void heardThere(long boot) {}

        /** The result of {@link Membership#probe}. */
        void probed(NodeName name, long boot, Verdict verdict);
    }
}
