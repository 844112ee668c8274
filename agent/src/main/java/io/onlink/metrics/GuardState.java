package io.onlink.metrics;

import io.onlink.guard.GuardCounts;
import java.util.Map;

/**
 * The packet guard at a scrape.
 *
 * @param backend {@code nftables} or {@code tc}; empty if there is none
 * @param stands whether it stood when it was last looked at
 * @param repairs how often it was put right
 * @param droppedByReason packets, by the reason's label
 * @param peers traffic by the peer's name; empty if there are too many
 * @param limited whether there are too many
 */
public record GuardState(
        String backend,
        boolean stands,
        long repairs,
        Map<String, Long> droppedByReason,
        Map<String, GuardCounts.Traffic> peers,
        boolean limited) {
    /** Peers beyond which their series are left out: four to each. */
    public static final int MOST_PEERS = 128;

    /** No guard. */
    public static final GuardState NONE = new GuardState("", false, 0, Map.of(), Map.of(), false);

    public GuardState {
        droppedByReason = Map.copyOf(droppedByReason);
        peers = Map.copyOf(peers);
    }
}
