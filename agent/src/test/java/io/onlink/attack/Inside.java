package io.onlink.attack;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;

/** Threads that stand in a network namespace: the sockets they open belong to it. */
final class Inside {
    /** The system calls that Java has no name for. */
    static final C LIBRARY = LibraryLoader.create(C.class).failImmediately().load("c");

    private static final int CLONE_NEWNET = 0x40000000;
    private static final int O_RDONLY = 0;

    private Inside() {}

    /** As jnr-ffi reads it. */
    public interface C {
        int open(String path, int flags);

        int setns(int fd, int type);

        int close(int fd);

        int socket(int domain, int type, int protocol);

        int setsockopt(int fd, int level, int option, @In byte[] value, int length);

        long recv(int fd, @Out byte[] into, long length, int flags);
    }

    /** Runs it on a new thread in the namespace of that name and returns what it returns. */
    static <T> T the(String namespace, Callable<T> body) throws Exception {
        FutureTask<T> task = begin(namespace, body);
        return task.get();
    }

    /** Runs it there meanwhile. */
    static <T> FutureTask<T> begin(String namespace, Callable<T> body) {
        FutureTask<T> task = new FutureTask<>(() -> {
            enter(namespace);
            return body.call();
        });
        Thread thread = new Thread(task, "in " + namespace);
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private static void enter(String namespace) {
        int fd = LIBRARY.open("/var/run/netns/" + namespace, O_RDONLY);
        int status = fd < 0 ? fd : LIBRARY.setns(fd, CLONE_NEWNET);
        int unused = LIBRARY.close(fd);
        if (status != 0) {
            throw new IllegalStateException("setns to " + namespace + " failed; these tests need root");
        }
    }
}
