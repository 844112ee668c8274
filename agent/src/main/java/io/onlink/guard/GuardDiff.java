package io.onlink.guard;

import io.onlink.guard.GuardChange.Rewrite;
import io.onlink.guard.GuardChange.Update;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The two steps from what is to what should be, pure functions: the first before links and routes are changed, the second
 * after.
 */
public final class GuardDiff {
    private GuardDiff() {}

    /** Lets in what is wanted and keeps what there is; a guard that does not stand is written whole. */
    public static GuardChange widen(GuardReading is, GuardTable want) {
        if (is.standing() != GuardReading.Standing.INTACT) {
            return new Rewrite(want);
        }
        // What covers, or is covered by, something there would overlap it: both go in one step.
        GuardTable both = GuardTable.of(
                union(is.table().pairs(), want.pairs()), union(is.table().own(), want.own()));
        return between(is.table(), both);
    }

    /** From a guard that stands to exactly what is wanted. */
    public static GuardChange narrow(GuardTable is, GuardTable want) {
        return between(is, want);
    }

    /** What the guard lets in once the change has been made. */
    public static GuardTable after(GuardTable is, GuardChange change) {
        if (change instanceof Rewrite rewrite) {
            return rewrite.table();
        }
        Update update = (Update) change;
        return new GuardTable(
                union(minus(is.pairs(), update.removePairs()), update.addPairs()),
                union(minus(is.own(), update.removeOwn()), update.addOwn()));
    }

    private static GuardChange between(GuardTable is, GuardTable want) {
        return new Update(
                minus(want.pairs(), is.pairs()),
                minus(is.pairs(), want.pairs()),
                minus(want.own(), is.own()),
                minus(is.own(), want.own()));
    }

    private static <T extends Comparable<T>> SortedSet<T> minus(SortedSet<T> of, SortedSet<T> less) {
        SortedSet<T> rest = new TreeSet<>(of);
        rest.removeAll(less);
        return Collections.unmodifiableSortedSet(rest);
    }

    private static <T extends Comparable<T>> SortedSet<T> union(SortedSet<T> one, SortedSet<T> other) {
        SortedSet<T> both = new TreeSet<>(one);
        both.addAll(other);
        return both;
    }
}
