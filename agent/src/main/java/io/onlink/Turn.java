package io.onlink;

import io.onlink.inet.Ipv4Prefix;
import io.onlink.route.Change;
import io.onlink.route.Failure;
import io.onlink.route.Outcome;
import java.util.Set;
import java.util.stream.Collectors;
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
    /** Destinations of routes that stay out because of a foreign one. */
    Set<Ipv4Prefix> blocked() {
        if (outcome == null) {
            return Set.of();
        }
        return outcome.failures().stream()
                .filter(Failure::foreign)
                .map(Failure::change)
                .filter(Change.AddRoute.class::isInstance)
                .map(change -> ((Change.AddRoute) change).route().dst())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Members other than this node: alive by gossip, held for their hosts' sake, gone with an announcement. */
    record Members(int alive, int held, int left) {}
}
