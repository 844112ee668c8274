package io.onlink.probe;

import java.util.Locale;

/** What is known of the way to a peer, the worst that explains what was seen. */
public enum PathVerdict {
    /** Packets of every size up to the path's MTU are answered. */
    OK,
    /** Answered, but many probes are lost. */
    LOSSY,
    /** Small packets pass and large ones vanish without a word. */
    BLACK_HOLE,
    /** Packets pass to the peer or from it, and not the other way. */
    ONE_WAY,
    /** Gossip knows the peer to be alive, and nothing passes through the tunnel. */
    PROTOCOL_4_DROPPED,
    /** The guard of this host drops what comes of the peer, or the peer's what comes of this host. */
    GUARD_DROPS,
    /** Neither gossip nor probes are answered. */
    AGENT_SILENT,
    /** The kernel does not have the peer's route. */
    ROUTE_MISSING,
    /** No answer yet, or the peer has no prober. */
    NOT_PROBED;

    /** As metrics name it, such as {@code one_way}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
