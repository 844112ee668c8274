package io.onlink.route;

/**
 * A change the kernel refused.
 *
 * @param change what was asked
 * @param errno the name, such as EEXIST ({@code include/uapi/asm-generic/errno-base.h})
 * @param reason the kernel's own words (extended ack) or what the errno means, and what to do where known
 */
public record Failure(Change change, String errno, String reason) {
    /** Whether a foreign route has the key. */
    public boolean foreign() {
        return change instanceof Change.AddRoute && errno.equals("EEXIST");
    }

    @Override
    public String toString() {
        return change + ": " + errno + ", " + reason;
    }
}
