package io.onlink;

import io.onlink.inet.Ipv4Prefix;
import io.onlink.peer.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What survives a restart: the number of this run, so that the mesh believes this run rather than the one before, and
 * the seniority of its claim, so that a restart does not put an old claim behind a younger one.
 *
 * <p>A lost or unreadable file is no harm: the agent counts on from what gossip still holds of its former run at
 * the same node IP. One that has moved besides waits until its former host is silent, or for the hold.
 */
final class StateFile {
    /** Longest file that is read, in bytes: two numbers and the most subnets a node may have. */
    private static final int MAX_BYTES = 4096;

    private static final Logger LOG = LoggerFactory.getLogger(StateFile.class);

    private final Path directory;

    StateFile(Path directory) {
        this.directory = directory;
    }

    /** The number of this run: one more than the last that was kept. */
    long nextGeneration() {
        String text = read("generation");
        if (text.isEmpty()) {
            return 1;
        }
        if (counts(text)) {
            return Math.min(Long.parseLong(text) + 1, Rules.MAX_COUNT);
        }
        LOG.warn("{} does not hold a number and is ignored", directory.resolve("generation"));
        return 1;
    }

    /** The seniority of the claim to exactly these subnets, 0 if none was kept. */
    long seniority(List<Ipv4Prefix> subnets) {
        String[] words = read("seniority").split(" ", 2);
        return words.length == 2 && counts(words[0]) && words[1].equals(text(subnets)) ? Long.parseLong(words[0]) : 0;
    }

    /** Whether the text is a count that anybody believes. */
    private static boolean counts(String text) {
        return text.matches("[0-9]{1,19}") && Long.compareUnsigned(Long.parseUnsignedLong(text), Rules.MAX_COUNT) <= 0;
    }

    /** Keeps both for the next run. */
    void keep(long generation, long seniority, List<Ipv4Prefix> subnets) {
        write("generation", Long.toString(generation));
        write("seniority", seniority + " " + text(subnets));
    }

    private static String text(List<Ipv4Prefix> subnets) {
        return subnets.stream().map(Ipv4Prefix::toString).collect(Collectors.joining(","));
    }

    private void write(String name, String text) {
        Path file = directory.resolve(name);
        try {
            Files.createDirectories(directory);
            Path fresh = directory.resolve(name + ".new");
            Files.writeString(fresh, text + "\n");
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.warn("cannot write {}: {}; going on without, a restart may take a moment longer", file, e.toString());
        }
    }

    /** The file's text, empty if there is none or it cannot be read. */
    private String read(String name) {
        Path file = directory.resolve(name);
        try {
            if (!Files.exists(file)) {
                return "";
            }
            if (Files.size(file) > MAX_BYTES) {
                LOG.warn("{} is longer than {} bytes and is ignored", file, MAX_BYTES);
                return "";
            }
            return Files.readString(file).trim();
        } catch (IOException e) {
            LOG.warn("cannot read {}: {}; it is ignored", file, e.toString());
            return "";
        }
    }
}
