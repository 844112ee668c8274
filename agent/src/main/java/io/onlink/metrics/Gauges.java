package io.onlink.metrics;

import java.util.Map;

/**
 * How things stand after a turn of the agent.
 *
 * @param alive other nodes alive by gossip
 * @param held other nodes gossip lost whose kernel still answers
 * @param left other nodes that announced their leave
 * @param routesDesired routes there should be
 * @param routesInstalled routes of ours in the kernel
 * @param tunnelUp whether the tunnel is there and up
 * @param tunnelMtu its MTU in bytes, 0 if unknown
 * @param rejectedByReason refused claims by {@link io.onlink.peer.Rejection.Reason#label()}; what is missing is 0
 * @param foreignConflicts desired routes whose key a foreign route has
 * @param membershipViewHash the same on nodes that believe the same
 */
public record Gauges(
        int alive,
        int held,
        int left,
        int routesDesired,
        int routesInstalled,
        boolean tunnelUp,
        int tunnelMtu,
        Map<String, Integer> rejectedByReason,
        int foreignConflicts,
        long membershipViewHash) {
    /** Before the first turn. */
    public static final Gauges NONE = new Gauges(0, 0, 0, 0, 0, false, 0, Map.of(), 0, 0);

    public Gauges {
        rejectedByReason = Map.copyOf(rejectedByReason);
    }
}
