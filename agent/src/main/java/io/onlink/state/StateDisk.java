package io.onlink.state;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Files that are there whole or not at all, and that nobody else may write. */
final class StateDisk {
    private static final Set<PosixFilePermission> OURS = PosixFilePermissions.fromString("rw-------");

    private StateDisk() {}

    /** Replaces the file: written beside it, brought to the disk, renamed, and the name brought to the disk too. */
    static void replace(Path file, ByteBuffer content) throws IOException {
        Path directory = directory(file);
        Files.createDirectories(directory);
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Set<OpenOption> options =
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        try {
            try (FileChannel channel = FileChannel.open(fresh, options, PosixFilePermissions.asFileAttribute(OURS))) {
                while (content.hasRemaining()) {
                    channel.write(content);
                }
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            remove(fresh, e);
            throw e;
        }
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** What is left half written takes room on a disk that is perhaps full. */
    private static void remove(Path fresh, IOException why) {
        try {
            Files.deleteIfExists(fresh);
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    private static Path directory(Path file) {
        Path parent = file.getParent();
        return parent == null ? Path.of(".") : parent;
    }

    /**
     * The file's bytes; empty if there is none.
     *
     * @throws IOException if it cannot be read, is no plain file, is longer than {@code most} bytes, or others may write it
     */
    static Optional<byte[]> read(Path file, int most) throws IOException {
        PosixFileAttributes attributes;
        try {
            attributes = Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        if (!attributes.isRegularFile()) {
            throw new IOException("it is no plain file");
        }
        Set<PosixFilePermission> others = EnumSet.copyOf(attributes.permissions());
        others.retainAll(Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE));
        if (!others.isEmpty()) {
            throw new IOException("others than its owner may write it (chmod 600 " + file + ")");
        }
        try (InputStream in = Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = in.readNBytes(most + 1);
            if (bytes.length > most) {
                throw new IOException("it is longer than " + most + " bytes");
            }
            return Optional.of(bytes);
        }
    }
}
