package io.onlink.sim;

import io.onlink.guard.GuardReading;
import io.onlink.guard.GuardTable;
import io.onlink.guard.Pair;
import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.route.Change;
import java.util.List;
import java.util.Map;

/** Invariant I6, the packet guard and the routes. */
final class Guarding {
    private static final long SECOND = VirtualTime.SECOND;

    private final World world;

    Guarding(World world) {
        this.world = world;
    }

    private void violated(String what) {
        world.invariants().violated("I6: " + what);
    }

    private long now() {
        return world.time().now();
    }

    /** An agent is about to change its host's guard. */
    void guards(SimHost host, GuardReading before, GuardReading after) {
        world.time().note(after.table().hashCode());
        host.kernel.ours().forEach((dst, gateway) -> {
            if (ModelGuard.admits(before.table(), gateway, dst) && !ModelGuard.admits(after.table(), gateway, dst)) {
                violated(host + " lets " + gateway + " in no more and has a route to " + dst + " by it");
            }
        });
    }

    /** An agent has written this to its host's kernel. */
    void wrote(SimHost host, List<Change> changes, Map<Ipv4Prefix, Ipv4> before, Map<Ipv4Prefix, Ipv4> after) {
        if (!host.guard.stands() && changes.stream().anyMatch(Guarding::opens)) {
            violated(host + " does " + changes + " without a guard");
        }
        after.forEach((dst, gateway) -> {
            if (!gateway.equals(before.get(dst)) && !host.guard.admits(gateway, dst)) {
                violated(host + " routes " + dst + " by " + gateway + ", which the guard does not let in: "
                        + host.guard.table());
            }
        });
    }

    /** Whether packets may come in by it that could not before. */
    private static boolean opens(Change change) {
        return !(change instanceof Change.DeleteRoute
                || change instanceof Change.DeleteNexthop
                || change instanceof Change.DeleteAddress
                || change instanceof Change.EnableForwarding);
    }

    /** Does that to a host's guard; within 3 s it must be as it was, if nothing else happens meanwhile. */
    void repairs(SimHost host, Runnable harm) {
        SimAgent agent = host.agent;
        boolean quiet = host.agentWell.wellFor(now()) > Invariants.WELL
                && host.kernelWell.wellFor(now()) > Invariants.KERNEL_WELL;
        harm.run();
        long harmed = now();
        host.kernelWell.shaken(harmed);
        world.time().in(3 * SECOND, () -> {
            boolean same = host.agent == agent && host.agentWell.wellFor(now()) > Invariants.WELL;
            if (quiet
                    && same
                    && host.kernelWell.since() == harmed
                    && (!host.guard.stands() || host.guard.hasStranger())) {
                violated(host + " has not put its guard right after 3 s: " + host.guard.table());
            }
        });
    }

    /** In the end it lets in the others, and nobody else. */
    void end(SimHost host, Map<Ipv4Prefix, Ipv4> routes) {
        List<Pair> pairs = routes.entrySet().stream()
                .map(route -> new Pair(route.getValue(), route.getKey()))
                .toList();
        GuardTable want = GuardTable.of(pairs, host.subnets);
        if (!host.guard.table().equals(want)) {
            violated(host + " lets in " + host.guard.table() + " in the end and not " + want);
        }
    }
}
