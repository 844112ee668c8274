package io.onlink;

import io.onlink.inet.Ipv4Prefix;
import io.onlink.peer.Departure;
import io.onlink.peer.NodeName;
import io.onlink.route.Change;
import io.onlink.route.Failure;
import io.onlink.route.Outcome;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
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
 * @param repairs what of it was written though nothing new was wanted: it puts right what somebody else did
 * @param news what the mesh had to do with it
 */
record Turn(
        String trigger,
        long nanos,
        @Nullable Outcome outcome,
        Status status,
        Members members,
        boolean overrun,
        List<Change> repairs,
        News news) {
    /** One that the mesh had nothing to do with. */
    Turn(
            String trigger,
            long nanos,
            @Nullable Outcome outcome,
            Status status,
            Members members,
            boolean overrun,
            List<Change> repairs) {
        this(trigger, nanos, outcome, status, members, overrun, repairs, News.NONE);
    }

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

    /**
     * What gossip brought.
     *
     * @param eventAt when the first of it came in, by the clock of {@link System#nanoTime}; empty if nothing did
     * @param departed who is no member any more
     */
    record News(OptionalLong eventAt, Map<NodeName, Departure> departed) {
        static final News NONE = new News(OptionalLong.empty(), Map.of());
    }

    /**
     * Members other than this node: alive by gossip, lost to it but held, of those the ones the mass-departure guard
     * keeps, and gone with an announcement.
     */
    record Members(int alive, int held, int guarded, int left) {}
}
