package io.onlink.guard;

/**
 * The guard as the kernel has it.
 *
 * @param standing what of it stands
 * @param table what it lets in; empty unless it is intact
 */
public record GuardReading(Standing standing, GuardTable table) {
    /** There is nothing of the guard. */
    public static final GuardReading ABSENT = new GuardReading(Standing.ABSENT, GuardTable.EMPTY);

    /** There is something, but not as we wrote it. */
    public static final GuardReading ALTERED = new GuardReading(Standing.ALTERED, GuardTable.EMPTY);

    /** One that stands, with what it lets in. */
    public static GuardReading intact(GuardTable table) {
        return new GuardReading(Standing.INTACT, table);
    }

    /** What of the guard stands. */
    public enum Standing {
        /** Nothing. */
        ABSENT,
        /** Part of it, or all and more: rules or sets are missing, changed or added. */
        ALTERED,
        /** All of it; what it lets in may still differ from what is wanted. */
        INTACT
    }
}
