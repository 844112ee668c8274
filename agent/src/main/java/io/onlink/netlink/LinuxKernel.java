package io.onlink.netlink;

import io.onlink.inet.Ipv4;
import io.onlink.route.Change;
import io.onlink.route.Dump;
import io.onlink.route.Failure;
import io.onlink.route.Kernel;
import io.onlink.route.KernelException;
import io.onlink.route.LinkCounters;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The kernel of this host, in the network namespace of the thread that opened it. One thread at a time. */
public final class LinuxKernel implements Kernel {
    private final String tunnel;
    private final NetlinkConnection connection;
    private final LinkChanges links;
    private Snapshot last = Snapshot.NONE;

    private LinuxKernel(String tunnel, NetlinkConnection connection) {
        this.tunnel = tunnel;
        this.connection = connection;
        this.links = new LinkChanges(connection);
    }

    /**
     * Opens a conversation with the kernel; it need not have the tunnel yet.
     *
     * @param tunnel name of the link that all our routes go out of, such as tunl0
     * @throws KernelException if there is no talking to the kernel; reading needs no privilege, writing CAP_NET_ADMIN
     */
    public static LinuxKernel open(String tunnel) throws KernelException {
        try {
            return new LinuxKernel(tunnel, NetlinkConnection.open());
        } catch (LinkageError e) {
            KernelException why = new KernelException(
                    "cannot call the C library: " + e.getMessage()
                            + "; libjffi for this processor must lie in the directory of -Djffi.boot.library.path",
                    "");
            why.initCause(e);
            throw why;
        }
    }

    @Override
    public Dump dump() throws KernelException {
        last = Snapshot.take(connection, tunnel);
        return last.dump();
    }

    @Override
    public List<Failure> apply(List<Change> changes) throws KernelException {
        List<Failure> failures = new ArrayList<>();
        int next = 0;
        while (next < changes.size()) {
            int end = next;
            while (end < changes.size() && RouteChanges.takes(changes.get(end))) {
                end++;
            }
            if (end > next) {
                applyRoutes(changes.subList(next, end), failures);
                next = end;
            } else {
                links.apply(changes.get(next)).ifPresent(failures::add);
                next++;
            }
        }
        return failures;
    }

    private void applyRoutes(List<Change> changes, List<Failure> failures) throws KernelException {
        OptionalInt oif = links.index(tunnel);
        if (oif.isEmpty()) {
            Refusal refusal = new Refusal(Errno.ENODEV, "there is no link " + tunnel);
            changes.forEach(change -> failures.add(refusal.of(change)));
            return;
        }
        RouteChanges batches = new RouteChanges(connection, last, oif.getAsInt(), failures);
        for (Change change : changes) {
            batches.add(change);
        }
        batches.flush();
    }

    /**
     * The address that a packet of ours to the destination would bear as its source.
     *
     * @return empty if the host has no route there
     */
    public Optional<Ipv4> sourceFor(Ipv4 dst) throws KernelException {
        List<RouteMessage> found = new ArrayList<>();
        RouteMessage.requestLookup(connection.request(), dst);
        Refusal refusal = connection
                .ask(message -> found.add(RouteMessage.decode(message)), RouteMessage::isUnreachable)
                .get(0);
        if (refusal == null) {
            return found.stream()
                    .flatMap(route -> Optional.ofNullable(route.source()).stream())
                    .findFirst();
        }
        if (RouteMessage.isUnreachable(refusal)) {
            return Optional.empty();
        }
        throw refusal.of("look up the route to " + dst);
    }

    /** The kernel's number of the link of that name; another link of that name later has another. */
    public OptionalInt index(String link) throws KernelException {
        return links.index(link);
    }

    /** A route of somebody else that would go with the link, in words; empty if there is none. */
    public Optional<String> foreignRoute(String link) throws KernelException {
        return links.foreignRoute(link);
    }

    /** Whether a link is a port of the one of that name. */
    public boolean hasPorts(String bridge) throws KernelException {
        OptionalInt index = links.index(bridge);
        LinkMessage.requestDump(connection.request());
        NetlinkConnection.Answer<Integer> masters = connection.dump(Uapi.RTM_NEWLINK, LinkMessage::master);
        if (masters.refusal() != null) {
            throw masters.refusal().of("list the links");
        }
        return index.isPresent() && masters.values().contains(index.getAsInt());
    }

    /** The name of the link that a packet to the destination would leave by; empty if the host has no route there. */
    public Optional<String> linkTo(Ipv4 dst) throws KernelException {
        List<RouteMessage> found = new ArrayList<>();
        RouteMessage.requestLookup(connection.request(), dst);
        Refusal refusal = connection
                .exchange(message -> found.add(RouteMessage.decode(message)))
                .get(0);
        if (refusal != null || found.isEmpty()) {
            return Optional.empty();
        }
        return links.name(found.get(0).oif());
    }

    @Override
    public LinkCounters counters(String link) {
        return ProcFiles.counters(link);
    }

    /** What was asked of it; any thread may read it. */
    public NetlinkCounts counts() {
        return connection.counts();
    }

    /** The port id that notifications of our own changes bear. Any thread. */
    int port() {
        return connection.port();
    }

    @Override
    public void close() {
        connection.close();
    }
}
