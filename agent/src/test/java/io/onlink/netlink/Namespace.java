package io.onlink.netlink;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import jnr.ffi.LibraryLoader;
import org.jspecify.annotations.Nullable;

/**
 * A network namespace that lasts as long as the thread in it. Sockets opened and processes started by that thread belong
 * to it. It has a veth pair, tunl1 and far, with carrier: "tunl0" is taken in every namespace where ipip is loaded.
 */
public final class Namespace {
    public static final String TUNNEL = "tunl1";

    private static final int CLONE_NEWNET = 0x40000000;
    private static final int SECONDS = 60;
    private static final C LIBRARY =
            LibraryLoader.create(C.class).failImmediately().load("c");

    private Namespace() {}

    /** As jnr-ffi reads it. */
    public interface C {
        int unshare(int flags);
    }

    /** What is done in a namespace. */
    public interface Body {
        void run() throws Exception;
    }

    /** Runs it on a thread in a namespace of its own, and throws what it throws. */
    public static void inside(Body body) throws Exception {
        Throwable[] thrown = new Throwable[1];
        Thread thread = new Thread(
                () -> {
                    try {
                        enter();
                        body.run();
                    } catch (Throwable e) {
                        thrown[0] = e;
                    }
                },
                "namespace");
        thread.setDaemon(true);
        thread.start();
        thread.join(TimeUnit.SECONDS.toMillis(SECONDS));
        if (thread.isAlive()) {
            AssertionError hung = new AssertionError("not done within " + SECONDS + " s");
            hung.setStackTrace(thread.getStackTrace());
            throw hung;
        }
        rethrow(thrown[0]);
    }

    private static void rethrow(@Nullable Throwable thrown) throws Exception {
        if (thrown instanceof Exception exception) {
            throw exception;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
    }

    private static void enter() throws Exception {
        if (LIBRARY.unshare(CLONE_NEWNET) != 0) {
            throw new IllegalStateException("unshare(CLONE_NEWNET) failed; these tests need root");
        }
        run("ip link set lo up");
        run("ip link add tunl1 type veth peer name far");
        run("ip link set far up");
        run("ip address add 10.42.1.0/32 dev tunl1");
        run("ip link set tunl1 up");
        // Asked for one link, the kernel tells of its carrier at once (rtnl_getlink) and not some time later, when the
        // message would be taken for an effect of the test.
        run("ip link show far");
        run("ip link show tunl1");
    }

    /** Runs a command and gives what it printed, without trailing spaces; fails if the command does. */
    public static String run(String command) throws IOException, InterruptedException {
        return feed(command, "");
    }

    /** Runs a command that reads the text. */
    static String feed(String command, String input) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command.split(" ", -1))
                .redirectErrorStream(true)
                .start();
        try (var in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        if (status != 0) {
            throw new IllegalStateException(command + ": status " + status + ", " + output);
        }
        return output.replaceAll("[ \t]+\n", "\n").strip();
    }
}
