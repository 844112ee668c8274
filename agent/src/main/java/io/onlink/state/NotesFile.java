package io.onlink.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A small text file of notes, one a line: {@code name = value}. For people to read, too. */
public final class NotesFile {
    /** Longest file that is read, in bytes. */
    private static final int MAX_BYTES = 64 * 1024;

    private static final String BETWEEN = " = ";

    private static final Logger LOG = LoggerFactory.getLogger(NotesFile.class);

    private final Path file;

    /** The file, which need not be there. */
    public NotesFile(Path file) {
        this.file = file;
    }

    /** The notes; none if there is no file, or none that can be used, which is said. */
    public Map<String, String> read() {
        Map<String, String> notes = new LinkedHashMap<>();
        try {
            String text = new String(StateDisk.read(file, MAX_BYTES).orElse(new byte[0]), StandardCharsets.UTF_8);
            for (String line : text.lines().toList()) {
                int between = line.indexOf(BETWEEN);
                if (between <= 0) {
                    throw new IOException("line \"" + printable(line) + "\" is no note");
                }
                notes.put(line.substring(0, between), line.substring(between + BETWEEN.length()));
            }
            return notes;
        } catch (IOException e) {
            LOG.warn("{} is ignored, what it tells of this host is not put back: {}", file, e.getMessage());
            return new LinkedHashMap<>();
        }
    }

    private static String printable(String line) {
        return line.substring(0, Math.min(40, line.length())).replaceAll("[^ -~]", "?");
    }

    /** Replaces the notes; that it cannot is said, and no more. */
    public void write(Map<String, String> notes) {
        String text = notes.entrySet().stream()
                .map(note -> note.getKey() + BETWEEN + note.getValue() + "\n")
                .collect(Collectors.joining());
        try {
            StateDisk.replace(file, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            LOG.warn("cannot write {}: {}; 'onlink cleanup' will not put everything back", file, e.toString());
        }
    }

    /** Takes the file away. */
    public void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("cannot delete {}: {}", file, e.toString());
        }
    }
}
