package io.onlink.guard;

import io.onlink.inet.Ipv4Prefix;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/** One atomic step towards what the guard should be: no packet ever meets half of it. */
public sealed interface GuardChange {
    /** Takes away what there is of the guard, if anything, and writes it whole. */
    record Rewrite(GuardTable table) implements GuardChange {}

    /** Adds and removes elements of a guard that is intact. */
    record Update(
            SortedSet<Pair> addPairs,
            SortedSet<Pair> removePairs,
            SortedSet<Ipv4Prefix> addOwn,
            SortedSet<Ipv4Prefix> removeOwn)
            implements GuardChange {
        /** Nothing to do. */
        public static final Update NONE = new Update(
                Collections.emptySortedSet(),
                Collections.emptySortedSet(),
                Collections.emptySortedSet(),
                Collections.emptySortedSet());

        public Update {
            addPairs = Collections.unmodifiableSortedSet(new TreeSet<>(addPairs));
            removePairs = Collections.unmodifiableSortedSet(new TreeSet<>(removePairs));
            addOwn = Collections.unmodifiableSortedSet(new TreeSet<>(addOwn));
            removeOwn = Collections.unmodifiableSortedSet(new TreeSet<>(removeOwn));
        }
    }

    /** Whether there is nothing to do. */
    default boolean isNothing() {
        return equals(Update.NONE);
    }
}
