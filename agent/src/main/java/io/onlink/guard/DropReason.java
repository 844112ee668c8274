package io.onlink.guard;

import java.util.Locale;

/** Why the guard drops a packet. */
public enum DropReason {
    /** An IPIP packet that came out of the tunnel: it would be decapsulated a second time. */
    NESTED,
    /** The outer source is no peer's node IP. */
    STRANGER,
    /** The outer source is a peer's, the inner source is not in that peer's subnets. */
    SPOOFED,
    /** The inner destination is not in this node's subnets. */
    NOT_OURS,
    /** The outer header has options, or what it carries is not IPv4: addresses are not where the guard looks. */
    MALFORMED;

    /** As metrics and counters name it: {@code not_ours}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
