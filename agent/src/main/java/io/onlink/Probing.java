package io.onlink;

import io.onlink.guard.Stray;
import io.onlink.inet.Ipv4;
import io.onlink.netlink.TunnelSocket;
import io.onlink.peer.NodeName;
import io.onlink.probe.Ask;
import io.onlink.probe.Dropped;
import io.onlink.probe.Packet;
import io.onlink.probe.Path;
import io.onlink.probe.PathVerdict;
import io.onlink.probe.Prober;
import io.onlink.probe.Target;
import io.onlink.route.KernelException;
import io.onlink.seal.Keyring;
import io.onlink.seal.Stamp;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the prober on the tunnel's socket, on a thread of its own, which sleeps in the kernel until something is due or
 * arrives. Every other thread looks at it under its lock.
 */
final class Probing implements AutoCloseable {
    /**
     * UDP port of probes, on the tunnel's own address: next to those of gossip and of HTTP, and apart from gossip's, which
     * may listen at every address.
     */
    static final int PORT = 5116;

    private static final String PURPOSE = "probe";
    private static final long REOPEN = TimeUnit.SECONDS.toNanos(1);

    /** While somebody does not answer, the guard is asked what it drops, no more often than this. */
    private static final long ASK_GUARD = TimeUnit.SECONDS.toNanos(2);

    private static final Logger LOG = LoggerFactory.getLogger(Probing.class);

    private final TunnelSocket.Place place;
    private final Around around;
    private final Prober prober = new Prober(new SecureRandom(), System.nanoTime());
    private final Thread thread = new Thread(this::run, "onlink-probe");
    private Stamp stamp;
    private List<Target> targets = List.of();
    private int mtu;
    private Map<NodeName, Integer> mtus = Map.of();
    private long revision;
    private @Nullable TunnelSocket socket;
    private String trouble = "";
    private boolean closed;

    /** When the guard was last asked; of the probing thread. */
    private long guardAskedAt = System.nanoTime() - ASK_GUARD;

    /**
     * Those whom the prober speaks with beside the tunnel; all are called on the probing thread.
     *
     * @param resized told when the MTU of a path has become another
     * @param strays what this host's guard has dropped lately
     * @param unheard told of a peer that hears none of our answers, and does not know that its questions arrive here
     */
    record Around(Runnable resized, Supplier<Set<Stray>> strays, Consumer<NodeName> unheard) {}

    private Probing(TunnelSocket.Place place, Keyring keys, Around around) {
        this.place = place;
        this.stamp = new Stamp(keys, PURPOSE);
        this.around = around;
    }

    /** Starts in the calling thread's network namespace; there is nobody to probe yet. */
    static Probing start(TunnelSocket.Place place, Keyring keys, Around around) {
        Probing probing = new Probing(place, keys, around);
        probing.thread.setDaemon(true);
        probing.thread.start();
        return probing;
    }

    /** The keys are these from now on. */
    synchronized void keyring(Keyring keys) {
        stamp = new Stamp(keys, PURPOSE);
    }

    /** The peers are these from now on, the tunnel's MTU that many bytes; 0 if there is no tunnel now. */
    synchronized void peers(List<Target> now, int tunnelMtu) {
        int size = tunnelMtu == 0 ? mtu : tunnelMtu;
        if (size == 0 || (size == mtu && now.equals(targets))) {
            return;
        }
        targets = List.copyOf(now);
        mtu = size;
        prober.peers(targets, mtu, System.nanoTime());
        wake();
    }

    /** The MTU that routes to a peer are to have, 0 for the tunnel's; empty while that is not known. */
    synchronized OptionalInt mtuTo(NodeName peer) {
        Integer known = mtus.get(peer);
        return known == null ? OptionalInt.empty() : OptionalInt.of(known);
    }

    /** The peer says, by gossip, that our questions reach it. */
    synchronized void heardThere(NodeName peer) {
        prober.heardThere(peer, System.nanoTime());
    }

    /** Every path as it is now; what was known before nobody could ask any more is not told. */
    synchronized List<Path> paths() {
        List<Path> paths = prober.paths(System.nanoTime());
        return trouble.isEmpty()
                ? paths
                : paths.stream().map(path -> path.unknown(trouble)).toList();
    }

    /** Whether it has its socket, so that it can ask and answer. */
    synchronized boolean isUp() {
        return socket != null && trouble.isEmpty();
    }

    synchronized Prober.Counts counts() {
        return prober.counts();
    }

    /** A line for each path, and before them what keeps the prober from working. */
    synchronized String text() {
        StringBuilder text = new StringBuilder(trouble.isEmpty() ? "" : "trouble " + trouble + "\n");
        paths().forEach(path -> text.append(path).append('\n'));
        return text.toString();
    }

    /** Likewise, only the paths that are not ok. */
    synchronized String troubles() {
        StringBuilder text = new StringBuilder(trouble.isEmpty() ? "" : "trouble " + trouble + "\n");
        paths().stream()
                .filter(path -> path.verdict() != PathVerdict.OK)
                .forEach(path -> text.append("path    ").append(path).append('\n'));
        return text.toString();
    }

    private void run() {
        boolean said = false;
        while (!isClosed()) {
            try (TunnelSocket open = TunnelSocket.open(place, Prober.MOST_SIZE)) {
                opened(open);
                said = false;
                while (!isClosed()) {
                    open.await(untilDue());
                    turn(open);
                }
            } catch (KernelException e) {
                if (!said) {
                    LOG.warn("no probes through the tunnel: {}; tried again every second", e.text());
                }
                said = true;
                pause("no probes through the tunnel: " + e.text());
            } catch (RuntimeException e) {
                LOG.error("probing failed at one step; it begins anew", e);
                pause("no probes through the tunnel: " + e);
            } finally {
                opened(null);
            }
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private synchronized void opened(@Nullable TunnelSocket now) {
        socket = now;
        trouble = now == null ? trouble : "";
    }

    /** Waits for the next attempt to open the socket. */
    private synchronized void pause(String why) {
        trouble = why;
        prober.news().forEach(Probing::tell);
        long until = System.nanoTime() + REOPEN;
        try {
            for (long rest = REOPEN; rest > 0 && !closed; rest = until - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, rest);
            }
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    private synchronized long untilDue() {
        return prober.next() - System.nanoTime();
    }

    private void turn(TunnelSocket open) throws KernelException {
        boolean changed;
        List<NodeName> unheard;
        askGuard();
        synchronized (this) {
            Arrivals arrivals = new Arrivals(open);
            open.receive(arrivals);
            if (arrivals.broken != null) {
                throw arrivals.broken;
            }
            for (Ask ask : prober.tick(System.nanoTime())) {
                send(open, ask.to(), prober.packet(ask));
            }
            prober.news().forEach(Probing::tell);
            unheard = prober.unheard();
            changed = prober.revision() != revision;
            if (changed) {
                revision = prober.revision();
                mtus = prober.routeMtus();
            }
        }
        if (changed) {
            around.resized().run();
        }
        unheard.forEach(around.unheard());
    }

    /** Not under the lock: it asks the kernel, and others wait for the lock. */
    private void askGuard() {
        long now = System.nanoTime();
        if (now - guardAskedAt < ASK_GUARD || !doubts()) {
            return;
        }
        guardAskedAt = now;
        List<Dropped> dropped = around.strays().get().stream()
                .map(stray -> new Dropped(stray.outer(), stray.inner()))
                .toList();
        synchronized (this) {
            prober.dropped(dropped, System.nanoTime());
        }
    }

    private synchronized boolean doubts() {
        return prober.doubts();
    }

    private void send(TunnelSocket open, Ipv4 to, Packet packet) throws KernelException {
        open.send(to, packet.encode(stamp, new Packet.Ends(place.address(), to)), packet.length());
    }

    private static void tell(Path path) {
        if (path.verdict() == PathVerdict.OK) {
            LOG.info("the path to {}: {}", path.peer(), path.text());
        } else {
            LOG.warn("the path to {}: {}", path.peer(), path.text());
        }
    }

    /** What the socket gives, handed to the prober under the lock. */
    private final class Arrivals implements TunnelSocket.Listener {
        private final TunnelSocket open;
        private @Nullable KernelException broken;

        Arrivals(TunnelSocket open) {
            this.open = open;
        }

        @Override
        public void datagram(Ipv4 from, byte[] head, int length) {
            Packet.Ends ends = new Packet.Ends(from, place.address());
            Packet.decode(stamp, head, length, ends)
                    .flatMap(packet -> prober.received(from, packet, System.nanoTime()))
                    .ifPresent(answer -> {
                        try {
                            send(open, from, answer);
                        } catch (KernelException e) {
                            broken = e;
                        }
                    });
        }

        @Override
        public void refused(Ipv4 to) {
            prober.refused(to, System.nanoTime());
        }

        @Override
        public void tooBig(Ipv4 to, int bytes) {
            prober.tooBig(to, bytes, System.nanoTime());
        }
    }

    private void wake() {
        if (socket != null) {
            socket.wake();
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
            wake();
        }
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
