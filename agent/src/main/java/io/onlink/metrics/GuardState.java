package io.onlink.metrics;

import java.util.Map;

/**
 * The packet guard at a scrape.
 *
 * @param backend {@code nftables} or {@code tc}; empty if there is none
 * @param stands whether it stood when it was last looked at
 * @param repairs how often it was put right
 * @param droppedByReason packets, by the reason's label
 */
public record GuardState(String backend, boolean stands, long repairs, Map<String, Long> droppedByReason) {
    /** No guard. */
    public static final GuardState NONE = new GuardState("", false, 0, Map.of());

    public GuardState {
        droppedByReason = Map.copyOf(droppedByReason);
    }
}
