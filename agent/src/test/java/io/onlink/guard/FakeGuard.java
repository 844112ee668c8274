package io.onlink.guard;

import io.onlink.route.KernelException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A guard in memory that tells what is done to it. */
public final class FakeGuard implements Guard {
    private final List<String> log;
    private @Nullable GuardTable table;
    private boolean altered;
    private boolean broken;

    /** Writes its changes down there, among others'. */
    public FakeGuard(List<String> log) {
        this.log = log;
    }

    /** Somebody flushes the ruleset. */
    public void flush() {
        table = null;
    }

    /** Somebody changes a rule. */
    public void alter() {
        altered = true;
    }

    /** The kernel refuses all from now on. */
    public void fail() {
        broken = true;
    }

    /** What it lets in, or nothing if there is none. */
    public @Nullable GuardTable table() {
        return table;
    }

    @Override
    public String backend() {
        return "memory";
    }

    @Override
    public GuardReading read() {
        if (table == null) {
            return GuardReading.ABSENT;
        }
        return altered ? GuardReading.ALTERED : GuardReading.intact(table);
    }

    @Override
    public void apply(GuardChange change) throws KernelException {
        if (broken) {
            throw new KernelException("cannot update the packet guard: ENOSPC", "ENOSPC");
        }
        if (change instanceof GuardChange.Update update) {
            log.add("guard +" + update.addPairs() + " -" + update.removePairs());
        } else {
            log.add("guard = " + GuardDiff.after(GuardTable.EMPTY, change).pairs());
            altered = false;
        }
        table = GuardDiff.after(table == null ? GuardTable.EMPTY : table, change);
    }

    @Override
    public void remove() {
        table = null;
    }

    @Override
    public GuardCounts counts(boolean peers) {
        return GuardCounts.NONE;
    }

    @Override
    public void close() {}
}
