package io.onlink.state;

import io.onlink.peer.Advertisement;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last good view of the mesh, on disk: a host that comes up while nobody answers routes by it.
 *
 * <p>Written only when it has changed and at most once in {@value #PAUSE_SECONDS} s, by a thread of its own. A disk that
 * is full, read-only or slow costs the file, never a route: it is said once, counted, and tried again with the next
 * change.
 */
public final class ViewFile implements AutoCloseable {
    /** Between a change and its writing: a burst of changes is one file. */
    static final int PAUSE_SECONDS = 5;

    private static final int LAST_SECONDS = 2;

    private static final Logger LOG = LoggerFactory.getLogger(ViewFile.class);

    private final Path file;
    private final AtomicReference<@Nullable List<Advertisement>> pending = new AtomicReference<>();
    private final ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "onlink-state");
        thread.setDaemon(true);
        return thread;
    });

    /** Of the writing thread. */
    private byte[] written = {};

    private boolean failing;

    private volatile long failures;

    /** The file {@code view} of a state directory, which need not be there yet. */
    public ViewFile(Path directory) {
        this.file = file(directory);
    }

    private static Path file(Path directory) {
        return directory.resolve("view");
    }

    /** What an earlier run has written; nothing if there is none, or none that can be used, which is said. */
    public static List<Advertisement> read(Path directory) {
        Path file = file(directory);
        try {
            return StateDisk.read(file, ViewCodec.MAX_BYTES)
                    .map(ViewCodec::decode)
                    .orElse(List.of());
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("{} is ignored, the mesh is learnt from its seeds alone: {}", file, e.getMessage());
            return List.of();
        }
    }

    /** Has this written soon, unless it is what is there. Any thread; returns at once. */
    public void keep(List<Advertisement> view) {
        if (pending.getAndSet(List.copyOf(view)) == null) {
            try {
                var unused = writer.schedule(this::write, PAUSE_SECONDS, TimeUnit.SECONDS);
            } catch (RejectedExecutionException closing) {
                LOG.trace("closing", closing);
            }
        }
    }

    /** How often it could not be written. */
    public long failures() {
        return failures;
    }

    private void write() {
        List<Advertisement> view = pending.getAndSet(null);
        if (view == null) {
            return;
        }
        byte[] bytes = ViewCodec.encode(view);
        if (Arrays.equals(bytes, written)) {
            return;
        }
        try {
            StateDisk.replace(file, ByteBuffer.wrap(bytes));
            written = bytes;
            if (failing) {
                LOG.info("{} is written again", file);
            }
            failing = false;
        } catch (IOException e) {
            if (!failing) {
                LOG.warn(
                        "cannot write {}: {}; routes are kept as ever, but this host would come up without them if it"
                                + " were started anew now and no peer answered",
                        file,
                        e.toString());
            }
            failing = true;
            countFailure();
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // only the writing thread counts
    private void countFailure() {
        failures++;
    }

    /** Writes what is pending, if the disk takes it in time. */
    @Override
    public void close() {
        try {
            writer.submit(this::write).get(LAST_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("{} did not get its last change: {}", file, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        writer.shutdownNow();
    }
}
