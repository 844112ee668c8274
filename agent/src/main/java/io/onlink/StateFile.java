package io.onlink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What survives a restart: the number of this run, so that the mesh believes this run rather than the one before.
 *
 * <p>A lost or unreadable file is no harm: the agent counts on from what gossip still holds of its former run.
 */
final class StateFile {
    /** Longest content that is read, in bytes: a number. */
    private static final int MAX_BYTES = 32;

    private static final Logger LOG = LoggerFactory.getLogger(StateFile.class);

    private StateFile() {}

    /** The number of this run, one more than the last, and from now on the last. */
    static long nextGeneration(Path directory) {
        Path file = directory.resolve("generation");
        long next = last(file) + 1;
        try {
            Files.createDirectories(directory);
            Path fresh = directory.resolve("generation.new");
            Files.writeString(fresh, next + "\n");
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.warn("cannot write {}: {}; going on without, a restart may take a moment longer", file, e.toString());
        }
        return next;
    }

    private static long last(Path file) {
        try {
            if (!Files.exists(file)) {
                return 0;
            }
            String text =
                    Files.size(file) > MAX_BYTES ? "" : Files.readString(file).trim();
            if (text.matches("[0-9]{1,18}")) {
                return Long.parseLong(text);
            }
            LOG.warn("{} does not hold a number and is ignored", file);
        } catch (IOException e) {
            LOG.warn("cannot read {}: {}; it is ignored", file, e.toString());
        }
        return 0;
    }
}
