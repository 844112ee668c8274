package io.onlink;

import io.onlink.route.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * One turn of the loop, for the metrics and the pages.
 *
 * @param trigger startup, event, netlink or timer
 * @param nanos how long the pass took
 * @param outcome what it did; null if the kernel could not be read
 * @param status what is shown to people
 * @param members how many members there are by state
 * @param overrun whether the kernel had dropped notifications before it
 */
record Turn(String trigger, long nanos, @Nullable Outcome outcome, Status status, Members members, boolean overrun) {
    /**
     * Members other than this node: alive by gossip, lost to it but held, of those the ones the mass-departure guard
     * keeps, and gone with an announcement.
     */
    record Members(int alive, int held, int guarded, int left) {}
}
