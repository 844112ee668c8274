package io.onlink.route;

import io.onlink.peer.PeerView;
import java.util.List;

/**
 * What one pass found and did.
 *
 * @param view the peers it was for
 * @param dump the kernel as it was before the routes were changed
 * @param desired our part of the tables as it should be
 * @param applied changes made, in order
 * @param failures changes refused
 * @param settled whether nothing was left to do: every desired route was there, or was put there, and none refused
 * @param tunnelUp whether the tunnel is there, up, and has its address
 */
public record Outcome(
        PeerView view,
        Dump dump,
        Table desired,
        List<Change> applied,
        List<Failure> failures,
        boolean settled,
        boolean tunnelUp) {
    public Outcome {
        applied = List.copyOf(applied);
        failures = List.copyOf(failures);
    }

    /** Whether all is as it should be but for what foreign routes keep out, which may be meant to be there for good. */
    public boolean good() {
        return tunnelUp && failures.stream().allMatch(Failure::foreign);
    }

    /** Desired routes that are in the kernel now. */
    public int installed() {
        long refused = failures.stream()
                .filter(f -> f.change() instanceof Change.AddRoute || f.change() instanceof Change.ReplaceRoute)
                .count();
        return tunnelUp ? (int) Math.max(0, desired.routes().size() - refused) : 0;
    }
}
