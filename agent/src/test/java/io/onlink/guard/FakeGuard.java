package io.onlink.guard;

import io.onlink.route.KernelException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A guard in memory that tells what is done to it. */
public final class FakeGuard implements Guard {
    private final String backend;
    private final List<String> log;
    private @Nullable GuardTable table;
    private boolean altered;
    private boolean broken;
    private boolean deceptive;

    /** Writes its changes down there, among others'. */
    public FakeGuard(List<String> log) {
        this("memory", log);
    }

    /** Of a back end of that name. */
    public FakeGuard(String backend, List<String> log) {
        this.backend = backend;
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

    /** It has elements that look like others, which cannot be taken away: until it is written whole. */
    public void deceive() {
        deceptive = true;
    }

    /** What it lets in, or nothing if there is none. */
    public @Nullable GuardTable table() {
        return table;
    }

    @Override
    public String backend() {
        return backend;
    }

    @Override
    public void probe() {}

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
            if (table == null || deceptive) {
                throw new KernelException("cannot update the packet guard: ENOENT, no such object", "ENOENT");
            }
            log.add("guard +" + update.addPairs() + " -" + update.removePairs());
        } else {
            log.add("guard = " + GuardDiff.after(GuardTable.EMPTY, change).pairs());
            altered = false;
            deceptive = false;
        }
        table = GuardDiff.after(table == null ? GuardTable.EMPTY : table, change);
    }

    @Override
    public void remove() {
        log.add(backend + " guard removed");
        table = null;
    }

    @Override
    public GuardCounts counts(boolean peers) {
        return GuardCounts.NONE;
    }

    @Override
    public void close() {}
}
