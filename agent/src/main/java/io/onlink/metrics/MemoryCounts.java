package io.onlink.metrics;

/**
 * What is remembered of the last run, and how its keeping goes.
 *
 * @param remembered peers whose routes come from the last run's view alone
 * @param writeFailures how often the view could not be written
 */
public record MemoryCounts(int remembered, long writeFailures) {
    static final MemoryCounts NONE = new MemoryCounts(0, 0);
}
