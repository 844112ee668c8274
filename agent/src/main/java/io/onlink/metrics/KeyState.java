package io.onlink.metrics;

import java.util.List;

/**
 * Which keys gossip is sealed with.
 *
 * @param sealed whether they are secrets; without a key file they are not
 * @param fileBad whether the key file cannot be used as it is now, so that an earlier state of it is in force
 * @param fingerprints of the keys in force, the sealing one first
 */
public record KeyState(boolean sealed, boolean fileBad, List<String> fingerprints) {
    /** Before the keys are read. */
    public static final KeyState NONE = new KeyState(false, false, List.of());

    public KeyState {
        fingerprints = List.copyOf(fingerprints);
    }
}
