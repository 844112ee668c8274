package io.onlink.peer;

/**
 * A claim that was not admitted.
 *
 * @param member who made it
 * @param reason why, for a metric label
 * @param text the claim and the conflict, for a person
 */
public record Rejection(String member, Reason reason, String text) {
    /** Why a claim is not admitted. */
    public enum Reason {
        /** The advertisement cannot be read. */
        MALFORMED,
        /** Another node runs under this node's name. */
        OWN_NAME,
        /** The node IP is no unicast address, is this node's or an older claim's, or lies in an older claim's subnet. */
        NODE_IP,
        /** A number that orders claims is so high that nobody could count on from it. */
        OVERFLOW,
        /** An authority is set, and the claim shows no grant. */
        GRANT_MISSING,
        /** The grant is not signed by the authority, or cannot be read. */
        GRANT_BAD,
        /** The grant is for another name, another node IP or other subnets. */
        GRANT_EXCEEDED,
        /** The prefix is not inside the allowed overlay prefixes. */
        OUTSIDE_OVERLAY,
        /** The prefix is shorter than the shortest allowed. */
        TOO_SHORT,
        /** The prefix overlaps one of this node's own. */
        OWN_SUBNET,
        /** The prefix overlaps a network this host is connected to, or holds a node IP, a gateway or a seed. */
        UNDERLAY,
        /** The prefix overlaps that of a node with the older claim. */
        CONTESTED,
        /** More members than this node takes. */
        TOO_MANY;

        /** The metric label. */
        public String label() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
