package io.onlink.sim;

import io.onlink.guard.GuardReading;
import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.peer.NodeName;
import io.onlink.route.Change;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * What must hold, whatever happens. A time is in virtual seconds; "well" is: an agent that runs and is not paused, a path
 * that is open both ways, a kernel that nobody else has touched, a network that loses at most a fifth and delays at most
 * 300 ms.
 *
 * <ul>
 *   <li>I1: two hosts that have been well, and well connected with one another and with one seed, for 30 s have exactly
 *       the routes to one another; after trouble of the kernel 35 s, for that is a resync. Drift is repaired within 3 s.
 *   <li>I2: no route to a host that is without power for 15 s, without an agent for a hold time (60 s) and 30 s, or that
 *       has left 10 s ago, if it was reached then; unless its observer saw no seed's host meanwhile, for then the mass-departure guard
 *       may stand, or has had its first full view less than a hold time before.
 *   <li>I3: no write of an agent changes a foreign route, on a leave neither.
 *   <li>I4: following a prefix that is somebody's, or a part of one, from gateway to gateway never leads back; following one
 *       that liars alone claim does not, 30 s after the last lie, among hosts that have been well and connected so long.
 *   <li>I5: no agent installs a route that overlaps its own subnets or the underlay, or that leaves the overlay.
 *   <li>I6: the guard stands before anything lets packets in, has a route's pair before the route and until after it, is put
 *       right within 3 s, and has in the end the pairs of the routes and no other.
 *   <li>I7: a kill changes nothing in the kernel, and an agent that has ended writes nothing.
 *   <li>I8: no agent takes away a route to a host that has power, has not left and has been reached ever since gossip lost it, while at most 5 % are lost, before
 *       gossip is without it for a hold time less 5 s: not on restarts, pauses, loss or lies. Who stood still while it left has as long
 *       after it as the others to hear of that. A route that a liar's claim
 *       alone has made is none to the host it leads to.
 *   <li>I9: no agent's loop spins, and no lies make it hold more than {@value #MOST_MEMBERS} members.
 *   <li>I10: a hold time and 45 s after the last fault nothing is written any more.
 *   <li>I11: in the end all agents, if there are two at least, have equal views, say that they are ready, and have exactly each other's routes; but one for which
 *       the mass-departure guard stands while no other seed has power.
 *   <li>I12: while nothing is cut, the first view that an agent takes for whole has every agent in it that has been well.
 * </ul>
 */
final class Invariants {
    static final int MOST_MEMBERS = 10_000;
    private static final int MOST_TOLD = 10;
    private static final long SECOND = VirtualTime.SECOND;
    static final long WELL = Spell.RECOVERED;
    private static final long DEAD = 15 * SECOND;
    private static final long REACHED = 15 * SECOND;
    static final long KERNEL_WELL = 35 * SECOND;
    private static final long HOLD = io.onlink.BareAgent.HOLD.toNanos();
    private static final long QUIET = HOLD + 45 * SECOND;
    private static final Ipv4Prefix UNDERLAY = Ipv4Prefix.parse("172.16.0.0/16");

    /** Sees what an agent does to its host. */
    interface Watcher extends ModelKernel.Watcher, ModelGuard.Watcher {
        @Override
        void violated(String what);
    }

    private final World world;
    private final Guarding guarding;
    private long lastLie = Long.MIN_VALUE / 2;
    private final List<String> violations = new ArrayList<>();

    Invariants(World world) {
        this.world = world;
        this.guarding = new Guarding(world);
    }

    List<String> violations() {
        return violations;
    }

    void violated(String what) {
        if (violations.size() < MOST_TOLD) {
            violations.add(String.format(Locale.ROOT, "%.3f s: %s", world.time().now() / 1e9, what));
        }
    }

    /** A liar has spoken: for a while there may be routes to who is gone, for somebody claims to be there. */
    void lied() {
        lastLie = now();
    }

    private long now() {
        return world.time().now();
    }

    /** A host believes for the first time in this run to know all there are. */
    void firstView(SimHost host, Set<NodeName> known) {
        if (world.network().whole(WELL)) {
            world.hosts().stream()
                    .filter(peer -> peer != host && peer.agentWell.wellFor(now()) >= WELL && seedFor(peer, peer))
                    .filter(peer -> !known.contains(peer.name))
                    .forEach(peer -> violated("I12: " + host + " takes its view for whole and does not know " + peer));
        }
    }

    /** What watches that host's kernel and guard. */
    Watcher of(SimHost host) {
        return new Watcher() {
            @Override
            public void guards(GuardReading before, GuardReading after) {
                guarding.guards(host, before, after);
            }

            @Override
            public void interrupted() {
                host.kernelWell.shaken(now());
            }

            @Override
            public void wrote(List<Change> changes, Map<Ipv4Prefix, Ipv4> before, Map<Ipv4Prefix, Ipv4> after) {
                world.tell(() -> host + " writes " + changes);
                world.time().note(changes.toString().hashCode());
                quiet(host, changes);
                changes.forEach(change -> added(host, change));
                before.forEach((dst, gateway) -> {
                    if (!gateway.equals(after.get(dst))) {
                        lost(host, dst, gateway, after.containsKey(dst));
                    }
                });
                guarding.wrote(host, changes, before, after);
            }

            @Override
            public void violated(String what) {
                Invariants.this.violated(host + ": " + what);
            }
        };
    }

    private void quiet(SimHost host, List<Change> changes) {
        if (now() > world.plan().calmFrom() + QUIET) {
            violated("I10: " + host + " still writes " + changes);
        }
    }

    private void added(SimHost host, Change change) {
        Ipv4Prefix dst;
        if (change instanceof Change.AddRoute add) {
            dst = add.route().dst();
            Objects.requireNonNull(host.agent).adds(dst);
        } else if (change instanceof Change.ReplaceRoute replace) {
            dst = replace.after().dst();
        } else {
            return;
        }
        boolean inside = SimHost.RULES.overlay().stream().anyMatch(overlay -> overlay.contains(dst));
        if (!inside || dst.overlaps(UNDERLAY) || host.subnets.stream().anyMatch(dst::overlaps)) {
            violated("I5: " + host + " does " + change);
        }
        Set<SimHost> circle = circle(host, dst);
        if (!circle.isEmpty()
                && world.hosts().stream().anyMatch(any -> any.subnets.stream().anyMatch(dst::overlaps))) {
            violated("I4: " + dst + " goes in a circle by " + circle);
        }
    }

    /** The hosts by which a prefix comes back to one of them; none if it does not. */
    private Set<SimHost> circle(SimHost start, Ipv4Prefix dst) {
        Set<SimHost> seen = new LinkedHashSet<>();
        SimHost at = start;
        while (at != null && at.subnets.stream().noneMatch(subnet -> subnet.contains(dst))) {
            if (!seen.add(at)) {
                return seen;
            }
            Ipv4 gateway = at.kernel.ours().get(dst);
            at = gateway == null ? null : world.network().host(gateway);
        }
        return Set.of();
    }

    /**
     * Two lies can make two hosts, each of which knows one of them, point at one another with a prefix that is nobody's: while
     * they are parted for as long as they are, else until the news is round.
     */
    private void circles(SimHost host) {
        for (Ipv4Prefix dst : host.kernel.ours().keySet()) {
            Set<SimHost> circle = circle(host, dst);
            if (!circle.isEmpty()
                    && circle.stream().allMatch(one -> one.agentWell.wellFor(now()) >= WELL && agree(one, circle))) {
                violated("I4: " + dst + " still goes in a circle by " + circle);
            }
        }
    }

    private boolean agree(SimHost one, Set<SimHost> all) {
        return now() - lastLie >= WELL
                && all.stream()
                        .allMatch(other -> other == one
                                || (world.network().path(one, other).wellFor(now()) >= WELL && seedFor(one, other)));
    }

    private void lost(SimHost host, Ipv4Prefix dst, Ipv4 gateway, boolean taken) {
        SimHost peer = world.network().host(gateway);
        if (peer == null || !peer.subnets.contains(dst) || !peer.power || peer.left || host.left) {
            return;
        }
        SimAgent agent = Objects.requireNonNull(host.agent);
        long without = agent.withoutFor(peer.name);
        if (agent.isAnothers(dst, peer.name)) {
            return; // by a liar's claim to be at the peer's address with the peer's prefix: it goes as the liar does
        }
        SimAgent owner = peer.agent;
        if (taken && (without >= 0 || (owner != null && !owner.agent().ranked()))) {
            return; // by a liar, of whom nobody has a rank yet, or nobody is known: the owner may have moved
        }
        // Ever since gossip lost it: a host that was silent meanwhile has no hold, though its route may go later.
        boolean reached = world.network().path(host, peer).wellFor(now()) > Math.max(REACHED, without)
                && world.network().clean.wellFor(now()) > REACHED;
        if (reached && now() - host.heardOfLeave(peer) > HOLD && without < HOLD - 5 * SECOND) {
            violated("I8: " + host + " takes away " + dst + " via " + gateway
                    + ", whose host is reached and whose agent is "
                    + (without < 0 ? "known" : "unknown for " + without / SECOND + " s"));
        }
    }

    /** Whether some seed that is well has been well connected with both. */
    private boolean seedFor(SimHost a, SimHost b) {
        return world.hosts().subList(0, world.plan().seedHosts()).stream()
                .anyMatch(seed -> seed.agentWell.wellFor(now()) >= WELL
                        && (seed == a || world.network().path(a, seed).wellFor(now()) >= WELL)
                        && (seed == b || world.network().path(b, seed).wellFor(now()) >= WELL));
    }

    /** What can be said at any time. */
    void check() {
        if (world.network().fair.wellFor(now()) < WELL) {
            return;
        }
        for (SimHost host : world.hosts()) {
            boolean well = host.agentWell.wellFor(now()) >= WELL && host.kernelWell.wellFor(now()) >= KERNEL_WELL;
            if (well) {
                Map<Ipv4Prefix, Ipv4> ours = host.kernel.ours();
                world.hosts().stream().filter(peer -> peer != host).forEach(peer -> pair(host, peer, ours));
                size(host);
                circles(host);
            }
        }
    }

    private void size(SimHost host) {
        SimAgent agent = Objects.requireNonNull(host.agent);
        if (agent.membership().size() > MOST_MEMBERS) {
            violated("I9: " + host + " holds " + agent.membership().size() + " members");
        }
    }

    private void pair(SimHost host, SimHost peer, Map<Ipv4Prefix, Ipv4> ours) {
        Spell path = world.network().path(host, peer);
        if (peer.agentWell.wellFor(now()) >= WELL && path.wellFor(now()) >= WELL) {
            for (Ipv4Prefix subnet : peer.subnets) {
                if (!peer.ip.equals(ours.get(subnet)) && seedFor(host, peer)) {
                    violated("I1: " + host + " has " + ours.get(subnet) + " for " + subnet + " of " + peer);
                }
            }
            return;
        }
        long gone = peer.agentWell.illFor(now());
        boolean told = peer.left && knows(host, peer, gone + WELL);
        long bound = !peer.power ? DEAD : told ? 10 * SECOND : HOLD + WELL;
        boolean due = gone > bound && (peer.power || path.illFor(now()) > bound);
        boolean stays = peer.subnets.stream()
                .filter(subnet -> !Objects.requireNonNull(host.agent).isByAnother(subnet, peer.name))
                .anyMatch(subnet -> peer.ip.equals(ours.get(subnet)) || host.guard.admits(peer.ip, subnet));
        boolean steady = world.network().fair.wellFor(now()) > bound
                && host.agentWell.wellFor(now()) > bound + HOLD
                && Objects.requireNonNull(host.agent).completeFor() > bound + HOLD;
        boolean credible = now() - lastLie > bound + HOLD + WELL;
        if (due && stays && steady && credible && !mayGuard(host, peer, bound)) {
            violated("I2: " + host + " has a route to " + peer + ", or lets it in, which is "
                    + (!peer.power ? "without power" : peer.left ? "left" : "without an agent") + " for "
                    + gone / SECOND
                    + " s");
        }
    }

    /** Whether somebody who has been well and reached the peer for so long is well connected with the host. */
    private boolean knows(SimHost host, SimHost peer, long length) {
        return world.hosts().stream()
                .anyMatch(other -> other != host
                        && other != peer
                        && other.agentWell.wellFor(now()) > length
                        && world.network().path(other, peer).wellFor(now()) > length
                        && world.network().path(other, host).wellFor(now()) >= WELL);
    }

    private boolean mayGuard(SimHost host, SimHost peer, long bound) {
        return world.hosts().subList(0, world.plan().seedHosts()).stream()
                .noneMatch(seed -> seed != host
                        && seed != peer
                        && seed.agentWell.wellFor(now()) >= bound
                        && world.network().path(host, seed).wellFor(now()) >= bound + WELL);
    }

    Guarding guarding() {
        return guarding;
    }

    /** Does that to a host's kernel; within 3 s all must be as it was, so far as nothing else changes meanwhile. */
    void repairs(SimHost host, Runnable harm) {
        ModelKernel kernel = host.kernel;
        SimAgent agent = host.agent;
        boolean quiet = host.agentWell.wellFor(now()) > WELL && host.kernelWell.wellFor(now()) > KERNEL_WELL;
        Map<Ipv4Prefix, Ipv4> before = Map.copyOf(kernel.ours());
        harm.run();
        long harmed = now();
        world.time().in(3 * SECOND, () -> {
            if (quiet
                    && host.agent == agent
                    && host.agentWell.wellFor(now()) > WELL
                    && host.kernelWell.since() == harmed) {
                world.hosts().stream()
                        .filter(peer ->
                                peer != host && world.network().path(host, peer).wellFor(now()) > WELL)
                        .filter(peer -> peer.agentWell.wellFor(now()) > WELL)
                        .forEach(peer -> peer.subnets.forEach(subnet -> repaired(host, subnet, before)));
            }
        });
    }

    private void repaired(SimHost host, Ipv4Prefix subnet, Map<Ipv4Prefix, Ipv4> before) {
        Ipv4 is = host.kernel.ours().get(subnet);
        if (!Objects.equals(is, before.get(subnet))) {
            violated(
                    "I1: " + host + " has after 3 s " + is + " for " + subnet + " and not again " + before.get(subnet));
        }
    }

    /** One that is left alone cannot tell that from being cut off, if it has lost three at once, or has just started. */
    private boolean mayBelieveToBeCutOff(SimHost host) {
        SimAgent agent = Objects.requireNonNull(host.agent);
        return agent.agent().guarded() > 0 || !agent.isComplete();
    }

    /** Most of whom it knew are silent, liars' inventions too, and there is no other seed that could answer. */
    private boolean isGuardedForGood(SimHost host) {
        return Objects.requireNonNull(host.agent).agent().guarded() > 0
                && world.hosts().subList(0, world.plan().seedHosts()).stream()
                        .noneMatch(seed -> seed != host && seed.power);
    }

    /** What must hold in the end. */
    void end() {
        if (!violations.isEmpty()) {
            return;
        }
        Map<Ipv4Prefix, Ipv4> all = new TreeMap<>();
        List<SimHost> running = world.hosts().stream().filter(SimHost::running).toList();
        running.forEach(host -> host.subnets.forEach(subnet -> all.put(subnet, host.ip)));
        if (running.size() < 2 && running.stream().allMatch(this::mayBelieveToBeCutOff)) {
            return;
        }
        Set<Long> views = new HashSet<>();
        for (SimHost host : running) {
            if (isGuardedForGood(host)) {
                continue;
            }
            Map<Ipv4Prefix, Ipv4> want = new TreeMap<>(all);
            host.subnets.forEach(want::remove);
            if (!host.kernel.ours().equals(want)) {
                violated("I11: " + host + " has in the end\n" + host.kernel + "and not " + want + "\n"
                        + Objects.requireNonNull(host.agent).agent().text());
            }
            guarding.end(host, want);
            SimAgent agent = Objects.requireNonNull(host.agent);
            views.add(agent.agent().viewHash());
            if (!agent.agent().ready()) {
                violated("I11: " + host + " is not ready in the end:\n"
                        + agent.agent().text());
            }
        }
        if (views.size() > 1) {
            violated("I11: there are " + views.size() + " views in the end");
        }
    }
}
