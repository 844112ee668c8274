package io.onlink;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.route.Change;
import io.onlink.route.Dump;
import io.onlink.route.Failure;
import io.onlink.route.Kernel;
import io.onlink.route.KernelException;
import io.onlink.route.Link;
import io.onlink.route.LinkCounters;
import io.onlink.route.Nexthop;
import io.onlink.route.Route;
import io.onlink.route.Table;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Reads the real kernel and writes on paper: a rehearsal's routes, on a host whose links are there already. */
final class PaperKernel implements Kernel {
    private final Kernel real;
    private final List<Link> links;
    private final Runnable routed;
    private final Set<Route> routes = new TreeSet<>();
    private final Set<Nexthop> nexthops = new TreeSet<>();

    /**
     * Makes the host's links up.
     *
     * @param routed told when the first route is written
     */
    PaperKernel(Kernel real, Ipv4 nodeIp, Ipv4Prefix subnet, Runnable routed) {
        this.real = real;
        this.links = List.of(
                new Link("eth0", "veth", 1500, true, List.of(new Link.Address(nodeIp, 24, Link.Maker.OTHER))),
                new Link("tunl0", "ipip", 1480, true, List.of(new Link.Address(subnet.base(), 32, Link.Maker.US))));
        this.routed = routed;
    }

    @Override
    public Dump dump() throws KernelException {
        Dump dump = real.dump();
        return new Dump(links, Table.of(routes, nexthops), dump.foreignNexthops(), dump.nexthopObjects(), true);
    }

    @Override
    public List<Failure> apply(List<Change> changes) {
        changes.forEach(this::write);
        return List.of();
    }

    private void write(Change change) {
        if (change instanceof Change.AddRoute add) {
            routes.add(add.route());
            routed.run();
        } else if (change instanceof Change.AddNexthop add) {
            nexthops.add(add.nexthop());
        } else if (change instanceof Change.DeleteRoute delete) {
            routes.remove(delete.route());
        } else if (change instanceof Change.DeleteNexthop delete) {
            nexthops.remove(delete.nexthop());
        }
    }

    @Override
    public LinkCounters counters(String link) {
        return real.counters(link);
    }

    @Override
    public void close() {
        real.close();
    }
}
