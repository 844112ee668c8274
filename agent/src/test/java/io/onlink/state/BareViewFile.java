package io.onlink.state;

import io.onlink.peer.Advertisement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The file of {@link ViewFile} without its thread: for the simulation. */
public final class BareViewFile {
    private BareViewFile() {}

    /** Writes it; what cannot be written is left, as ever. */
    public static void write(Path directory, List<Advertisement> view) {
        try {
            Files.createDirectories(directory);
            Files.write(directory.resolve("view"), ViewCodec.encode(view));
        } catch (IOException full) {
            // The real one counts it; no promise hangs on it.
            return;
        }
    }
}
