package io.onlink.membership;

import java.util.HashMap;
import java.util.Map;

/**
 * How much waits to go out: for a session, for a connection, or for a peer that reads slowly. Gossip is told to whomever
 * a member names, so this has a limit for each and for all. Of the event loop alone.
 */
final class Backlog {
    /** Most bytes that wait for all together. */
    static final int MAX_BYTES = 4 << 20;

    /** Most bytes that wait for one: two of the longest frames. */
    static final int MAX_BYTES_OF_ONE = 2 * FrameCodec.MAX_FRAME;

    /** What a frame takes besides its text, about. */
    static final int OVERHEAD = 256;

    private final Map<Endpoint, Integer> waiting = new HashMap<>();
    private long bytes;

    /** Takes in a text of this length for this peer, unless too much waits. */
    boolean add(Endpoint to, int length) {
        int more = length + OVERHEAD;
        int there = waiting.getOrDefault(to, 0);
        if (there + more > MAX_BYTES_OF_ONE || bytes + more > MAX_BYTES) {
            return false;
        }
        waiting.put(to, there + more);
        bytes += more;
        return true;
    }

    /** It waits no longer. */
    void remove(Endpoint to, int length) {
        int less = length + OVERHEAD;
        waiting.computeIfPresent(to, (peer, there) -> there > less ? there - less : null);
        bytes -= less;
    }
}
