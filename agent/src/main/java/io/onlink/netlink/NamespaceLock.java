package io.onlink.netlink;

import io.onlink.route.KernelException;
import io.onlink.route.Route;
import java.nio.charset.StandardCharsets;

/**
 * Makes sure that there is one agent to a network namespace, whatever its run directory, ports and tunnel.
 *
 * <p>Two would each take the other's routes for what is left of a former run, for both write protocol 114. The lock is
 * the name of a unix socket in the abstract namespace (unix(7)): there is one such namespace to a network namespace, and
 * the kernel frees the name when the process ends, however it ends. Nothing is ever sent to the socket.
 */
public final class NamespaceLock implements AutoCloseable {
    /** The name as {@code ss -xa} shows it. */
    static final String NAME = "@onlink-" + Route.PROTOCOL;

    /** {@code offsetof(struct sockaddr_un, sun_path)}. */
    private static final int PATH = 2;

    private final int fd;

    private NamespaceLock(int fd) {
        this.fd = fd;
    }

    /**
     * Takes the lock of the calling thread's network namespace.
     *
     * @throws KernelException with EADDRINUSE if another process has it
     */
    public static NamespaceLock take() throws KernelException {
        int fd = LibC.socket(Uapi.AF_UNIX, Uapi.SOCK_STREAM | Uapi.SOCK_CLOEXEC, 0);
        if (fd < 0) {
            throw NetlinkSocket.broken("open a unix socket", fd);
        }
        byte[] name = NAME.getBytes(StandardCharsets.US_ASCII);
        LibC.Block address = new LibC.Block(PATH + name.length);
        address.buffer.putShort(0, (short) Uapi.AF_UNIX);
        for (int i = 1; i < name.length; i++) { // a zero octet, shown as @, makes the name abstract
            address.buffer.put(PATH + i, name[i]);
        }
        int bound = LibC.bind(fd, address, PATH + name.length);
        if (bound == 0) {
            return new NamespaceLock(fd);
        }
        LibC.close(fd);
        if (bound == -Errno.EADDRINUSE) {
            throw new KernelException(
                    "another agent runs in this network namespace (it holds the unix socket " + NAME
                            + "), and two would take each other's routes away; 'ss -xap src " + NAME
                            + "' names its process: stop it, or run 'onlink leave' with its --run-dir",
                    Errno.name(Errno.EADDRINUSE));
        }
        throw NetlinkSocket.broken("take the lock " + NAME, bound);
    }

    @Override
    public void close() {
        LibC.close(fd);
    }
}
