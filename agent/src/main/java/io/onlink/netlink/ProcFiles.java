package io.onlink.netlink;

import io.onlink.route.Change;
import io.onlink.route.Failure;
import io.onlink.route.KernelException;
import io.onlink.route.LinkCounters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/** The files of {@code /proc}, which show the calling thread's network namespace. */
final class ProcFiles {
    private static final Path DEV = Path.of("/proc/thread-self/net/dev");
    private static final Path FORWARD = Path.of("/proc/sys/net/ipv4/ip_forward");

    private ProcFiles() {}

    /** The counters in the lines of {@code /proc/net/dev} ({@code net/core/net-procfs.c}); zero without such a line. */
    static LinkCounters counters(List<String> lines, String link) {
        for (String line : lines) {
            int colon = line.lastIndexOf(':');
            if (colon > 0 && line.substring(0, colon).strip().equals(link)) {
                return counters(line.substring(colon + 1).strip().split("\\s+", -1));
            }
        }
        return LinkCounters.ZERO;
    }

    /** Received: bytes packets errs drop fifo frame compressed multicast; sent: bytes packets errs drop fifo colls
     * carrier compressed. */
    private static LinkCounters counters(String[] columns) {
        if (columns.length < 16) {
            return LinkCounters.ZERO;
        }
        long[] n = new long[16];
        for (int i = 0; i < n.length; i++) {
            n[i] = Long.parseUnsignedLong(columns[i]);
        }
        return new LinkCounters(n[1], n[0], n[2], n[3], n[9], n[8], n[10], n[11], n[14], n[13]);
    }

    static LinkCounters counters(String link) {
        try {
            return counters(Files.readAllLines(DEV), link);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + DEV + "; is /proc mounted?", e);
        }
    }

    static boolean forwarding() throws KernelException {
        try {
            return !Files.readString(FORWARD).strip().equals("0");
        } catch (IOException e) {
            throw new KernelException("cannot read " + FORWARD + ": " + e.getMessage() + "; is /proc mounted?", "EIO");
        }
    }

    static Optional<Failure> forward(Change change) {
        try {
            Files.writeString(FORWARD, "1\n", StandardOpenOption.WRITE);
            return Optional.empty();
        } catch (AccessDeniedException e) {
            return Optional.of(new Refusal(Errno.EACCES, "cannot write " + FORWARD).of(change));
        } catch (IOException e) {
            boolean readOnly = String.valueOf(e.getMessage()).contains("Read-only");
            return Optional.of(new Refusal(readOnly ? Errno.EROFS : Errno.EIO, "cannot write " + FORWARD).of(change));
        }
    }
}
