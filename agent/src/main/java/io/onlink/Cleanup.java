package io.onlink;

import io.onlink.host.PutBack;
import io.onlink.route.Change;
import io.onlink.route.Dump;
import io.onlink.route.Failure;
import io.onlink.route.Kernel;
import io.onlink.route.KernelException;
import io.onlink.route.Link;
import io.onlink.route.Reconciler;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** {@code onlink cleanup}: the routes go first, then the host is put back, and the guard ends. */
final class Cleanup {
    private final Kernel kernel;
    private final String tunnel;
    private final PutBack host;
    private final Keeper guard;
    private final List<Change> changes = new ArrayList<>();

    /** The one given, and those of former settings. */
    private final Set<String> tunnels = new LinkedHashSet<>();

    private final List<Failure> failures = new ArrayList<>();

    /** The guard that former runs have left. */
    interface Keeper {
        /** Whether there is any. */
        boolean stands() throws KernelException;

        /** Takes it away; says whether there was any. */
        boolean remove() throws KernelException;

        /** That of a tunnel of this host. */
        static Keeper of(String tunnel) {
            return new Keeper() {
                @Override
                public boolean stands() throws KernelException {
                    return Sentry.isThere(tunnel);
                }

                @Override
                public boolean remove() throws KernelException {
                    return Sentry.removeAll(tunnel);
                }
            };
        }
    }

    Cleanup(Kernel kernel, String tunnel, PutBack host, Keeper guard) {
        this.kernel = kernel;
        this.tunnel = tunnel;
        this.host = host;
        this.guard = guard;
    }

    /** Does it, says what it did, and gives the exit status. */
    int run() throws KernelException {
        withdraw();
        host.run();
        failures.addAll(host.failures());
        failures.forEach(failure -> System.err.println("onlink: " + failure));
        // Last, and only when nobody can send through the tunnel any more, or could before an agent came.
        List<Link> open = failures.isEmpty() ? open() : List.of();
        boolean removed = failures.isEmpty() && open.isEmpty() && guard.remove();
        if (failures.isEmpty() && open.isEmpty()) {
            host.forget();
        }
        System.out.println(taken() + (removed ? ", the packet guard" : ""));
        host.done().forEach(done -> System.out.println("put back: " + done));
        host.left().forEach(left -> System.out.println("left: " + left));
        open.forEach(link -> System.out.println(kept(link)));
        if (!failures.isEmpty()) {
            return Refusal.statusOf(failures.get(0).errno());
        }
        return host.complete() && open.isEmpty() ? 0 : Refusal.UNAVAILABLE;
    }

    /** A tunnel that a guard stands before was an agent's, though nothing else of it may be left. */
    private void withdraw() throws KernelException {
        Dump dump = kernel.dump();
        List<String> others = host.otherTunnels(dump, tunnel);
        tunnels.add(tunnel);
        tunnels.addAll(others);
        changes.addAll(Reconciler.remains(dump, tunnel));
        changes.addAll(host.addresses(dump, tunnel));
        for (String other : others) {
            changes.addAll(Reconciler.marked(dump, other));
            if (host.knows(other)) {
                changes.addAll(host.addresses(dump, other));
            }
        }
        failures.addAll(kernel.apply(changes));
        if (failures.isEmpty() && (!changes.isEmpty() || guard.stands())) {
            rest(dump);
        }
    }

    /** Sets down what was an agent's and has no address any more. Without any notes of a tunnel that is the one given. */
    private void rest(Dump before) throws KernelException {
        Dump now = kernel.dump();
        for (String name : tunnels) {
            boolean ours = name.equals(tunnel)
                    ? hadOurs(name) || host.knows(name) || !host.namesAnother(before, name)
                    : host.knows(name) && !host.wasInUse(name);
            if (ours) {
                failures.addAll(kernel.apply(Reconciler.rest(now, name)));
            }
        }
    }

    private boolean hadOurs(String link) {
        return changes.stream()
                .anyMatch(change -> change instanceof Change.DeleteAddress delete
                        && delete.link().equals(link));
    }

    /** The tunnels that but for the guard take the packets of anybody, and did not before an agent came. */
    private List<Link> open() throws KernelException {
        List<Link> open = kernel.dump().links().stream()
                .filter(link -> tunnels.contains(link.name()) && !host.wasInUse(link.name()))
                .filter(Link::takesIpip)
                .toList();
        return open.isEmpty() || guard.stands() ? open : List.of();
    }

    private static String kept(Link open) {
        String addresses = open.addresses().isEmpty()
                ? ""
                : " with the address " + open.addresses().get(0);
        return "left: the packet guard, for " + open.name() + " is up" + addresses
                + ", and without the guard it would take IPIP from anybody; where nobody needs it, `ip link set "
                + open.name() + " down`, then run this again";
    }

    private String taken() {
        List<Change> done = new ArrayList<>(changes);
        failures.forEach(failure -> done.remove(failure.change()));
        long addresses =
                done.stream().filter(Change.DeleteAddress.class::isInstance).count();
        return "taken away: " + (done.size() - addresses) + " routes and nexthop objects, " + addresses
                + " addresses of the tunnel";
    }
}
