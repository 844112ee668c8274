package io.onlink.sim;

import io.onlink.guard.Guard;
import io.onlink.guard.GuardChange;
import io.onlink.guard.GuardCounts;
import io.onlink.guard.GuardDiff;
import io.onlink.guard.GuardReading;
import io.onlink.guard.GuardTable;
import io.onlink.guard.Pair;
import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.route.KernelException;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/** A host's packet guard: written wholly or not at all, and what others do to it. It is there until the host has no power. */
final class ModelGuard {
    /** Told of each change that an agent makes, before it is made. */
    interface Watcher {
        void guards(GuardReading before, GuardReading after);

        void violated(String what);
    }

    private static final Pair STRANGER = new Pair(SimHost.ip(250), Ipv4Prefix.parse("0.0.0.0/0"));

    private final Watcher watcher;
    private GuardReading now = GuardReading.ABSENT;
    private boolean refusing;

    ModelGuard(Watcher watcher) {
        this.watcher = watcher;
    }

    /** The guard as one agent has it; nothing may be written by it once that agent has ended. */
    Guard open(BooleanSupplier alive) {
        return new Opened(alive);
    }

    /** {@code nft flush ruleset}. */
    void flush() {
        now = GuardReading.ABSENT;
    }

    /** Somebody deletes a rule of it. */
    void alter() {
        now = now.standing() == GuardReading.Standing.INTACT ? GuardReading.ALTERED : now;
    }

    /** Somebody lets a stranger in. */
    void widen() {
        if (stands()) {
            SortedSet<Pair> more = new TreeSet<>(now.table().pairs());
            more.add(STRANGER);
            now = GuardReading.intact(new GuardTable(more, now.table().own()));
        }
    }

    boolean hasStranger() {
        return now.table().pairs().contains(STRANGER);
    }

    /** Whether each write is refused. */
    void refuse(boolean all) {
        refusing = all;
    }

    boolean stands() {
        return now.standing() == GuardReading.Standing.INTACT;
    }

    /** What it lets in; nothing unless it stands. */
    GuardTable table() {
        return now.table();
    }

    /** Whether packets of that host from behind it are let in. */
    boolean admits(Ipv4 outer, Ipv4Prefix inner) {
        return admits(now.table(), outer, inner);
    }

    static boolean admits(GuardTable table, Ipv4 outer, Ipv4Prefix inner) {
        return table.pairs().contains(new Pair(outer, inner))
                || table.pairs().stream()
                        .anyMatch(pair ->
                                pair.outer().equals(outer) && pair.inner().contains(inner));
    }

    private final class Opened implements Guard {
        private final BooleanSupplier alive;

        Opened(BooleanSupplier alive) {
            this.alive = alive;
        }

        @Override
        public String backend() {
            return "model";
        }

        @Override
        public void probe() {}

        @Override
        public GuardReading read() {
            return now;
        }

        @Override
        public void apply(GuardChange change) throws KernelException {
            if (!alive.getAsBoolean()) {
                watcher.violated("I7: an agent that has ended writes the guard: " + change);
            }
            if (refusing) {
                throw new KernelException("cannot update the packet guard: ENOSPC", "ENOSPC");
            }
            GuardReading after = GuardReading.intact(GuardDiff.after(now.table(), change));
            watcher.guards(now, after);
            now = after;
        }

        @Override
        public void remove() {
            now = GuardReading.ABSENT;
        }

        @Override
        public GuardCounts counts(boolean peers) {
            return GuardCounts.NONE;
        }

        @Override
        public void close() {}
    }
}
