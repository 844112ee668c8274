package io.onlink.history;

import io.onlink.inet.Ipv4Prefix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Who lately did something to a route of ours, by the netlink port the kernel names: that of a process's first socket is
 * its process id (man 7 netlink). Any thread; times are of one monotonic clock, in nanoseconds.
 */
public final class Culprits {
    /** Most destinations somebody is remembered for; the oldest goes first. */
    static final int MOST = 1024;

    /** A deed explains what is found so soon after it. */
    private static final long FRESH = TimeUnit.SECONDS.toNanos(10);

    /** A process is looked up again after this time: storms come from one. */
    private static final long LOOKED_UP = TimeUnit.SECONDS.toNanos(1);

    private final Path proc;
    private final Map<Ipv4Prefix, Deed> deeds = new LinkedHashMap<>();
    private @Nullable Deed elsewhere;
    private @Nullable Deed last;

    private record Deed(Culprit by, long at) {}

    /**
     * Somebody.
     *
     * @param port netlink port, as an unsigned number; 0 is the kernel itself
     * @param command what the process of that id is called; empty if there is none any more, or none that is shown
     */
    public record Culprit(long port, String command) {
        @Override
        public String toString() {
            if (port == 0) {
                return "the kernel itself";
            }
            return command.isEmpty() ? "pid " + port + ", which is gone or hidden" : command + " (pid " + port + ")";
        }
    }

    /** Looks processes up in /proc. */
    public Culprits() {
        this(Path.of("/proc"));
    }

    Culprits(Path proc) {
        this.proc = proc;
    }

    /** Whoever has this port did something to the route there, or, if that is null, to a link or nexthop object. */
    public synchronized void touched(@Nullable Ipv4Prefix dst, int port, long now) {
        Deed deed = new Deed(culprit(port, now), now);
        if (dst == null) {
            elsewhere = deed;
            return;
        }
        deeds.remove(dst);
        deeds.put(dst, deed);
        if (deeds.size() > MOST) {
            deeds.remove(deeds.keySet().iterator().next());
        }
    }

    private Culprit culprit(int port, long now) {
        long id = Integer.toUnsignedLong(port);
        Deed known = last;
        if (known == null || known.by().port() != id || now - known.at() > LOOKED_UP) {
            known = new Deed(new Culprit(id, command(port)), now);
            last = known;
        }
        return known.by();
    }

    /** Ports below 0 are those of further sockets: no process id. */
    private String command(int port) {
        if (port <= 0) {
            return "";
        }
        try {
            return Files.readString(proc.resolve(port + "/comm")).strip().replaceAll("[^\\x20-\\x7e]", "?");
        } catch (IOException gone) {
            return "";
        }
    }

    /** Who lately did something to the route there, or else to a link or nexthop object, with which routes go too. */
    public synchronized Optional<Culprit> of(@Nullable Ipv4Prefix dst, long now) {
        Deed deed = dst == null ? elsewhere : deeds.getOrDefault(dst, elsewhere);
        return deed == null || now - deed.at() > FRESH ? Optional.empty() : Optional.of(deed.by());
    }
}
