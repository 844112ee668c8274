package io.onlink.config;

import java.nio.file.Path;

/**
 * Where an agent of this host is, or was: all that commands beside it need.
 *
 * @param runDir its run directory
 * @param stateDir its state directory
 * @param tunnel the name of its tunnel
 */
public record Place(Path runDir, Path stateDir, String tunnel) {
    /** The control socket. */
    public Path socket() {
        return runDir.resolve("onlink.sock");
    }
}
