package io.onlink.seal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A file of keys: one a line, as {@code onlink keygen} prints them; empty lines and lines that begin with {@code #} do
 * not count.
 *
 * <p>It must be a plain file, owned by root or by the user that reads it, and closed to everybody else. A file that a
 * service manager hands over in a directory of its own may also be readable to its group: systemd grants the service's
 * user its credentials by an access list, whose mask shows there.
 */
public final class KeyFile {
    /** Longest file, in bytes. */
    public static final int MAX_BYTES = 4096;

    private static final int FILE_TYPE = 0170000;
    private static final int PLAIN = 0100000;
    private static final int LINK = 0120000;
    private static final int OTHERS = 0077;
    private static final int GROUP_READS = 0040;

    private final Path path;
    private final boolean credential;
    private @Nullable Map<String, Object> seen;

    /**
     * A key file.
     *
     * @param path where it is
     * @param credentials directory in which a service manager has put it, if there is one ({@code
     *     CREDENTIALS_DIRECTORY} of systemd)
     */
    public KeyFile(Path path, @Nullable Path credentials) {
        this.path = path;
        this.credential = credentials != null && path.normalize().startsWith(credentials) && !path.equals(credentials);
    }

    /** Whether the file is another, or another than when it was last read, whatever came of that. */
    public boolean changed() {
        try {
            return !attributes().equals(seen);
        } catch (IOException e) {
            return seen != null;
        }
    }

    /** Reads the file; on failure nothing of it is used. */
    public Keyring read() throws BadKeyFile {
        try {
            Map<String, Object> before = attributes();
            seen = before;
            check(before);
            byte[] bytes = bytes();
            try {
                if (!attributes().equals(before)) {
                    throw bad("was changed while it was read; write a new file and rename it to this one");
                }
                return parse(bytes);
            } finally {
                Arrays.fill(bytes, (byte) 0);
            }
        } catch (NoSuchFileException e) {
            seen = null;
            throw bad("does not exist; make a key with: (umask 077; onlink keygen > " + path
                    + ") and give every node the same one");
        } catch (IOException e) {
            throw bad("cannot be read (" + e.getMessage() + "); it must belong to the user the agent runs as");
        }
    }

    private Map<String, Object> attributes() throws IOException {
        return Files.readAttributes(
                path, "unix:mode,uid,ino,dev,size,lastModifiedTime,ctime", LinkOption.NOFOLLOW_LINKS);
    }

    private void check(Map<String, Object> file) throws BadKeyFile, IOException {
        int mode = (int) number(file, "mode");
        long owner = number(file, "uid");
        long us = number(Files.readAttributes(Path.of("/proc/self"), "unix:uid"), "uid");
        if ((mode & FILE_TYPE) == LINK) {
            throw bad("is a symbolic link; name the file itself");
        }
        if ((mode & FILE_TYPE) != PLAIN) {
            throw bad("is not a plain file");
        }
        if (owner != 0 && owner != us) {
            throw bad("belongs to user " + owner + "; run: chown root " + path);
        }
        int open = mode & OTHERS & (credential ? ~GROUP_READS : ~0);
        if (open != 0) {
            throw bad("has mode " + Integer.toOctalString(mode & 0777) + " ("
                    + PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS))
                    + "), so others than its owner may use it; run: chmod 600 " + path);
        }
        if (number(file, "size") > MAX_BYTES) {
            throw bad("is longer than " + MAX_BYTES + " bytes, so it is no key file");
        }
    }

    private static long number(Map<String, Object> attributes, String name) {
        return attributes.get(name) instanceof Number number ? number.longValue() : -1;
    }

    private byte[] bytes() throws IOException {
        OpenOption[] options = {StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS};
        try (InputStream in = Files.newInputStream(path, options)) {
            return in.readNBytes(MAX_BYTES);
        }
    }

    private Keyring parse(byte[] bytes) throws BadKeyFile {
        List<Key> keys = new ArrayList<>();
        String[] lines = new String(bytes, StandardCharsets.ISO_8859_1).split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                try {
                    keys.add(Key.parse(line));
                } catch (IllegalArgumentException e) {
                    throw bad("line " + (i + 1) + " " + e.getMessage() + "; a key is the 44 characters that 'onlink"
                            + " keygen' prints");
                }
            }
        }
        try {
            return Keyring.of(keys);
        } catch (IllegalArgumentException e) {
            throw bad(e.getMessage() + "; one key a line, the one to seal with first");
        }
    }

    private BadKeyFile bad(String what) {
        return new BadKeyFile("key file " + path + ": " + what);
    }
}
