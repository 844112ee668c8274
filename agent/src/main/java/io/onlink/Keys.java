package io.onlink;

import io.onlink.metrics.KeyState;
import io.onlink.seal.BadKeyFile;
import io.onlink.seal.Key;
import io.onlink.seal.KeyFile;
import io.onlink.seal.Keyring;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys in force: read at the start, and again on SIGHUP and when the file changes. A file that cannot be used
 * changes nothing, and is said once.
 */
final class Keys implements AutoCloseable {
    /** How often the file is looked at. */
    private static final long LOOK_SECONDS = 2;

    private static final Logger LOG = LoggerFactory.getLogger(Keys.class);

    /** For people alone. */
    private static final InstantSource CLOCK = InstantSource.system();

    private final @Nullable KeyFile file;
    private final ScheduledThreadPoolExecutor thread;
    private volatile Keyring keyring;
    private volatile boolean bad;
    private volatile long readMillis;

    /** Reads the file, or does without one if it is null. */
    Keys(@Nullable KeyFile file) throws BadKeyFile {
        this.file = file;
        this.keyring = file == null ? Keyring.INSECURE : file.read();
        this.readMillis = file == null ? 0 : CLOCK.millis();
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, "onlink-keys");
            made.setDaemon(true);
            return made;
        });
        if (file == null) {
            LOG.warn("INSECURE: gossip has no key (insecure is set). Whoever reaches the gossip port can change the"
                    + " routes of this host. Make a key with 'onlink keygen' and give every node the same key-file");
        } else {
            LOG.info(
                    "gossip is sealed with key {}; the key file holds {}",
                    keyring.keys().get(0),
                    keyring);
        }
    }

    Keyring keyring() {
        return keyring;
    }

    /** Tells of every change from now on, on a thread of its own. */
    void watch(Consumer<Keyring> changed) {
        onHangup(() -> thread.execute(() -> read("SIGHUP", changed)));
        if (file != null) {
            var unused = thread.scheduleWithFixedDelay(
                    () -> {
                        if (file.changed()) {
                            read("the file has changed", changed);
                        }
                    },
                    LOOK_SECONDS,
                    LOOK_SECONDS,
                    TimeUnit.SECONDS);
        }
    }

    private void read(String why, Consumer<Keyring> changed) {
        if (file == null) {
            return;
        }
        try {
            Keyring now = file.read();
            bad = false;
            readMillis = CLOCK.millis();
            if (!now.keys().equals(keyring.keys())) {
                LOG.info(
                        "gossip is sealed with key {} now; the key file holds {} ({})",
                        now.keys().get(0),
                        now,
                        why);
                keyring = now;
                changed.accept(now);
            }
        } catch (BadKeyFile e) {
            bad = true;
            LOG.error("{}; the keys stay as they were, {}", e.getMessage(), keyring);
        }
    }

    /** SIGHUP would end the JVM. The class that takes signals is no part of what a Java program may compile against. */
    private static void onHangup(Runnable task) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object ours = Proxy.newProxyInstance(
                    Keys.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            task.run();
                        }
                        return method.getReturnType() == boolean.class ? Boolean.FALSE : null;
                    });
            Object hangup = signal.getConstructor(String.class).newInstance("HUP");
            var unused = signal.getMethod("handle", signal, handler).invoke(null, hangup, ours);
        } catch (ReflectiveOperationException e) {
            Throwable cause = e instanceof InvocationTargetException ? e.getCause() : e;
            LOG.warn("SIGHUP is not taken ({}); the key file is read again when it changes", String.valueOf(cause));
        }
    }

    /** When the file was last read and good, in seconds since 1970 by the host's clock; 0 without a file. */
    double readSeconds() {
        return readMillis / 1e3;
    }

    KeyState state() {
        return new KeyState(
                keyring.secret(),
                bad,
                keyring.keys().stream().map(Key::fingerprint).toList());
    }

    /** One line for {@code onlink status}. */
    String text() {
        if (!keyring.secret()) {
            return "gossip  INSECURE: no key; whoever reaches the gossip port can change the routes of this host\n";
        }
        return "gossip  sealed with key " + keyring.keys().get(0) + " of " + keyring
                + (bad ? "; the key file is bad as it is now, see the log" : "") + "\n";
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
