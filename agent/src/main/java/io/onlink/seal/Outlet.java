package io.onlink.seal;

import java.net.InetSocketAddress;

/** Where sessions put what they make of packets. Called on the thread that called them. */
public interface Outlet {
    /** Sends a packet as a datagram. */
    void datagram(InetSocketAddress to, byte[] packet);

    /**
     * Takes in the text of a member's packet. {@link Session#boot} says whose: no stranger can say so, but another member
     * could, for the keys of all pairs come of the one key.
     */
    void message(Session from, byte[] text);

    /** Counts a packet thrown away; must allocate nothing. {@code keyId} is of use for an unknown key only. */
    void refused(PacketRefusal why, InetSocketAddress source, int keyId);

    /** Counts a session that has come up. */
    void opened(Session session);
}
