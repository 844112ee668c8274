package io.onlink.lab;

import io.onlink.inet.Ipv4;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.In;

/** Sends whatever octets from within any network namespace. */
final class Wire {
    private static final int O_RDONLY = 0;
    private static final int CLONE_NEWNET = 0x40000000;
    private static final int AF_INET = 2;
    private static final int SOCK_RAW = 3;

    /** The header is what we write it to be (raw(7)). */
    private static final int IPPROTO_RAW = 255;

    private static final C LIBRARY =
            LibraryLoader.create(C.class).failImmediately().load("c");

    private Wire() {}

    /** As jnr-ffi reads it. */
    public interface C {
        int open(String path, int flags);

        int setns(int fd, int type);

        int socket(int domain, int type, int protocol);

        int connect(int fd, @In byte[] address, int length);

        long send(int fd, @In byte[] octets, long length, int flags);

        int close(int fd);
    }

    /** Moves the calling thread, what it opens and what it starts, to a namespace that {@code ip netns} has made. */
    static void enter(String namespace) {
        int fd = checked("open", LIBRARY.open("/run/netns/" + namespace, O_RDONLY));
        checked("setns", LIBRARY.setns(fd, CLONE_NEWNET));
        LIBRARY.close(fd);
    }

    /** Does something on a thread in the namespace. */
    static <T> T in(String namespace, Callable<T> body) throws Exception {
        FutureTask<T> task = new FutureTask<>(() -> {
            enter(namespace);
            return body.call();
        });
        Thread thread = new Thread(task, namespace);
        thread.setDaemon(true);
        thread.start();
        return task.get(30, TimeUnit.SECONDS);
    }

    /** Sends the packets, headers and all, by the route to that address; what the kernel refuses to send is an error. */
    static void send(String namespace, String to, Iterable<byte[]> packets) throws Exception {
        in(namespace, () -> {
            int fd = checked("socket", LIBRARY.socket(AF_INET, SOCK_RAW, IPPROTO_RAW));
            int bits = Ipv4.parse(to).bits();
            byte[] address = new byte[16];
            address[0] = AF_INET;
            for (int i = 0; i < 4; i++) {
                address[4 + i] = (byte) (bits >>> (24 - 8 * i));
            }
            checked("connect", LIBRARY.connect(fd, address, address.length));
            for (byte[] packet : packets) {
                checked("send", (int) LIBRARY.send(fd, packet, packet.length, 0));
            }
            return LIBRARY.close(fd);
        });
    }

    private static int checked(String what, int result) {
        if (result < 0) {
            throw new IllegalStateException(what + " failed; this needs root");
        }
        return result;
    }
}
