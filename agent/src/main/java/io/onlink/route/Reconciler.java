package io.onlink.route;

import io.onlink.inet.Ipv4Prefix;
import io.onlink.peer.PeerView;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** One pass: look at the kernel, compare, apply what differs. It remembers nothing between passes but how the tunnel was. */
public final class Reconciler {
    private final Kernel kernel;
    private final TunnelSettings settings;
    private final boolean nexthopObjects;
    private final Gate gate;

    /** As the kernel was when it was last read. */
    private boolean tunnelUp;

    /** A reconciler over the kernel, without a guard. */
    public Reconciler(Kernel kernel, TunnelSettings settings, boolean nexthopObjects) {
        this(kernel, settings, nexthopObjects, Gate.OPEN);
    }

    /**
     * A reconciler over the kernel.
     *
     * @param nexthopObjects whether to use nexthop objects where the kernel has them
     * @param gate what lets tunnel packets in: wider before the routes change, narrower after
     */
    public Reconciler(Kernel kernel, TunnelSettings settings, boolean nexthopObjects, Gate gate) {
        this.kernel = kernel;
        this.settings = settings;
        this.nexthopObjects = nexthopObjects;
        this.gate = gate;
    }

    /** Whether the last pass put the gate right after somebody else had changed it. */
    public boolean gateRepaired() {
        return gate.repaired();
    }

    /**
     * Brings the kernel to the view.
     *
     * @param admit which peers to route to, given what the kernel says of this host's surroundings
     * @param mayDelete which of our routes that no peer wants may go
     * @throws KernelException if the kernel could not be read or written as a whole; the next pass starts afresh
     */
    public Outcome reconcile(Function<Dump, PeerView> admit, Predicate<Ipv4Prefix> mayDelete) throws KernelException {
        Dump dump = look();
        List<Change> applied = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        gate.stand(dump.table().routes());
        if (links(dump, applied, failures)) {
            dump = look();
            // Links that have just come up are to be guarded too.
            gate.stand(dump.table().routes());
        }
        PeerView view = admit.apply(dump);
        boolean up = tunnelUp;
        Table desired = nexthopObjects && dump.nexthopObjects()
                ? DesiredTable.throughNexthops(view, dump)
                : DesiredTable.plain(view);
        if (up) {
            gate.widen(view, dump.table().routes());
            apply(RouteDiff.between(dump.table(), desired, mayDelete), applied, failures);
            gate.narrow(view, leftover(dump.table(), desired, applied, failures));
        }
        boolean settled = up && failures.isEmpty();
        return new Outcome(view, dump, desired, applied, failures, settled, up);
    }

    private Dump look() throws KernelException {
        Dump dump = kernel.dump();
        tunnelUp = tunnelUp(dump);
        return dump;
    }

    /** Whether the tunnel was there, up, with its address when the kernel was last read, by a pass that broke off too. */
    public boolean tunnelUp() {
        return tunnelUp;
    }

    /** Brings the links to the settings; says whether there was anything to do. Of a tunnel just made the gate knows only then. */
    private boolean links(Dump dump, List<Change> applied, List<Failure> failures) throws KernelException {
        List<Change> plan = LinkPlan.between(dump, settings);
        int up = plan.indexOf(new Change.SetUp(settings.tunnel()));
        if (up > 0) {
            apply(plan.subList(0, up), applied, failures);
            gate.stand(dump.table().routes());
        }
        apply(plan.subList(Math.max(up, 0), plan.size()), applied, failures);
        return !plan.isEmpty();
    }

    /**
     * Takes away all that is ours: routes, nexthop objects and the tunnel's address, unless somebody else put it there or
     * has routes that go by it.
     * Links stay, for others may use them, and so does the bridge's address, which the workloads' way out goes by.
     */
    public List<Failure> withdraw() throws KernelException {
        Dump dump = kernel.dump();
        List<Change> changes = new ArrayList<>(remains(dump, settings.tunnel()));
        addresses(dump, settings.tunnel())
                .filter(address -> address.same(settings.base()) && address.maker() == Link.Maker.UNKNOWN)
                .forEach(address -> changes.add(new Change.DeleteAddress(settings.tunnel(), address)));
        List<Change> applied = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        apply(changes, applied, failures);
        List<Route> stay = leftover(dump.table(), Table.EMPTY, applied, failures);
        gate.stand(stay);
        gate.narrow(PeerView.EMPTY, stay);
        return failures;
    }

    /** Our routes that were there before and may still go to somebody who is not in the view. */
    private static List<Route> leftover(Table before, Table desired, List<Change> applied, List<Failure> failures) {
        if (before.routes().isEmpty()) {
            return List.of();
        }
        Set<Route> gone = new HashSet<>();
        applied.forEach(change -> {
            if (change instanceof Change.DeleteRoute delete) {
                gone.add(delete.route());
            }
        });
        Set<Ipv4Prefix> wanted = new HashSet<>();
        if (failures.isEmpty()) {
            desired.routes().forEach(route -> wanted.add(route.dst()));
        }
        return before.routes().stream()
                .filter(route -> !gone.contains(route) && !wanted.contains(route.dst()))
                .toList();
    }

    /** The steps that take away what agents have left on a host whose settings are not known. */
    public static List<Change> remains(Dump dump, String tunnel) {
        List<Change> changes = new ArrayList<>(RouteDiff.between(dump.table(), Table.EMPTY, dst -> true));
        changes.addAll(marked(dump, tunnel));
        return changes;
    }

    /** The steps that take the addresses off a tunnel which the kernel says an agent has put there. */
    public static List<Change> marked(Dump dump, String tunnel) {
        return addresses(dump, tunnel)
                .filter(address -> address.maker() == Link.Maker.US)
                .map(address -> (Change) new Change.DeleteAddress(tunnel, address))
                .toList();
    }

    /**
     * The step that ends a tunnel which nobody has an address on any more: without the guard it would take the packets of
     * anybody. One of another kind takes none off.
     */
    public static List<Change> rest(Dump dump, String tunnel) {
        return dump.link(tunnel)
                .filter(link -> link.takesIpip() && link.addresses().isEmpty())
                .map(link -> List.<Change>of(new Change.SetDown(tunnel)))
                .orElse(List.of());
    }

    private static Stream<Link.Address> addresses(Dump dump, String link) {
        return dump.link(link).map(Link::addresses).orElse(List.of()).stream();
    }

    private void apply(List<Change> changes, List<Change> applied, List<Failure> failures) throws KernelException {
        if (changes.isEmpty()) {
            return;
        }
        List<Failure> refused = kernel.apply(changes);
        failures.addAll(refused);
        if (refused.isEmpty()) {
            applied.addAll(changes);
            return;
        }
        Set<Change> not = new HashSet<>();
        refused.forEach(failure -> not.add(failure.change()));
        changes.stream().filter(change -> !not.contains(change)).forEach(applied::add);
    }

    private boolean tunnelUp(Dump dump) {
        Link.Address base = settings.base();
        return dump.link(settings.tunnel())
                .filter(link -> link.up() && link.has(base))
                .isPresent();
    }
}
