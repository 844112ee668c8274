package io.onlink.peer;

import java.util.List;
import java.util.Set;

/**
 * One whole snapshot of what gossip knows: the membership reduced to values.
 *
 * @param alive the advertisement of every member gossip holds alive, suspects included, this node excluded; two of one
 *     name are both there, for which of them counts is for the reader to judge
 * @param left boot ids of members that announced their leave
 * @param malformed members whose advertisement could not be read, with the reason
 * @param complete whether a full exchange with another member has taken place, or no other seed is named
 */
public record Gossip(List<Advertisement> alive, Set<Long> left, List<Malformed> malformed, boolean complete) {
    /** Nothing known yet. */
    public static final Gossip NONE = new Gossip(List.of(), Set.of(), List.of(), false);

    public Gossip {
        alive = List.copyOf(alive);
        left = Set.copyOf(left);
        malformed = List.copyOf(malformed);
    }

    /**
     * A member whose advertisement is no advertisement.
     *
     * @param member how gossip names it, printable and at most 128 characters
     * @param reason what is wrong with it
     */
    public record Malformed(String member, String reason) {}
}
