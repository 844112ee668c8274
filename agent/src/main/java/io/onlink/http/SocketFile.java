package io.onlink.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The file of a unix socket. The socket is bound under a second name and moved into place when its mode is right: there
 * is no moment at which others could connect, and a stale file is replaced in one step.
 */
final class SocketFile {
    private final Path path;
    private final Path staging;

    SocketFile(Path path) throws IOException {
        this.path = path;
        this.staging = path.resolveSibling(path.getFileName() + ".new");
        int length = staging.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > Limits.SOCKET_PATH) {
            throw new IOException("the socket path " + path + " is " + (length - Limits.SOCKET_PATH)
                    + " bytes too long for a unix socket; choose a shorter run-dir");
        }
    }

    Path staging() {
        return staging;
    }

    /** Throws unless the path is free to take: nothing there, or a socket on which nobody answers. */
    void checkFree() throws IOException {
        if (!isThere(path)) {
            return;
        }
        try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            client.configureBlocking(false);
            client.connect(UnixDomainSocketAddress.of(path));
        } catch (ConnectException e) {
            // Nobody listens: this is what an agent left that was killed.
            return;
        } catch (SocketException e) {
            // EAGAIN is an agent with a full backlog (man 7 unix), EACCES somebody else's socket: neither is stale.
            throw new IOException(
                    "cannot tell whether another agent runs with this run-dir: connecting to " + path + " says '"
                            + e.getMessage() + "'; stop it, or choose another run-dir",
                    e);
        }
        throw new IOException(
                "another agent runs with this run-dir: it answers on " + path + "; stop it, or choose another run-dir");
    }

    /** Removes what an earlier start left between binding and moving. */
    void clearStaging() throws IOException {
        if (isThere(staging)) {
            Files.delete(staging);
        }
    }

    /** Gives the bound socket its mode and its name. */
    void publish() throws IOException {
        Files.setPosixFilePermissions(staging, PosixFilePermissions.fromString("rw-rw----"));
        Files.move(staging, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    void delete() throws IOException {
        Files.deleteIfExists(path);
    }

    private static boolean isThere(Path file) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        if (!Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isOther()) {
            throw new IOException(file + " is there and is not a socket; remove it, or choose another run-dir");
        }
        return true;
    }
}
