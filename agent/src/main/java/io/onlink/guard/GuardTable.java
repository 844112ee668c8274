package io.onlink.guard;

import io.onlink.inet.Ipv4Prefix;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All that may come in by the tunnel. Minimal: nothing in it is covered by something else in it, for kernels refuse
 * intervals that overlap.
 *
 * @param pairs outer and inner source addresses that belong together
 * @param own prefixes that the inner destination must be in: this node's subnets
 */
public record GuardTable(SortedSet<Pair> pairs, SortedSet<Ipv4Prefix> own) {
    /** Nothing may. */
    public static final GuardTable EMPTY = new GuardTable(Collections.emptySortedSet(), Collections.emptySortedSet());

    public GuardTable {
        pairs = Collections.unmodifiableSortedSet(minimalPairs(pairs));
        own = Collections.unmodifiableSortedSet(minimal(own));
    }

    /** Of any collections; what is covered by something else is left out. */
    public static GuardTable of(Collection<Pair> pairs, Collection<Ipv4Prefix> own) {
        return new GuardTable(new TreeSet<>(pairs), new TreeSet<>(own));
    }

    /** In step, for both are in order: most passes compare two that are equal. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof GuardTable that
                && (this == that || (sameInOrder(pairs, that.pairs) && sameInOrder(own, that.own)));
    }

    private static boolean sameInOrder(SortedSet<?> one, SortedSet<?> other) {
        if (one.size() != other.size()) {
            return false;
        }
        Iterator<?> others = other.iterator();
        for (Object element : one) {
            if (!element.equals(others.next())) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        return 31 * pairs.hashCode() + own.hashCode();
    }

    /** In order a prefix follows at once, or after others covered too, the one that covers it. */
    private static SortedSet<Pair> minimalPairs(SortedSet<Pair> all) {
        TreeSet<Pair> minimal = new TreeSet<>();
        for (Pair pair : all) {
            if (minimal.isEmpty() || !minimal.last().covers(pair)) {
                minimal.add(pair);
            }
        }
        return minimal;
    }

    private static SortedSet<Ipv4Prefix> minimal(SortedSet<Ipv4Prefix> all) {
        TreeSet<Ipv4Prefix> minimal = new TreeSet<>();
        for (Ipv4Prefix prefix : all) {
            if (minimal.isEmpty() || !minimal.last().contains(prefix)) {
                minimal.add(prefix);
            }
        }
        return minimal;
    }
}
