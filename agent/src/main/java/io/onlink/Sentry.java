package io.onlink;

import io.onlink.config.Config;
import io.onlink.guard.Gatekeeper;
import io.onlink.guard.Guard;
import io.onlink.guard.GuardReading;
import io.onlink.guard.Stray;
import io.onlink.metrics.GuardState;
import io.onlink.metrics.PeerSeries;
import io.onlink.netlink.NftGuard;
import io.onlink.netlink.TcGuard;
import io.onlink.peer.Peer;
import io.onlink.route.Gate;
import io.onlink.route.KernelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The packet guard of this run: which back end keeps it, and what is shown of it. The guard itself outlives the run.
 *
 * <p>{@link #state} may be called on any thread.
 */
final class Sentry implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sentry.class);

    /** By which the guard can be kept, the first being the first tried. */
    private static final List<BackEnd> BACK_ENDS =
            List.of(new BackEnd("nftables", NftGuard::open), new BackEnd("tc", TcGuard::open));

    /** What a kernel answers that has nothing of a back end; nfnetlink without nf_tables says that it is invalid. */
    private static final Set<String> LACKING = Set.of("EOPNOTSUPP", "EPROTONOSUPPORT", "EINVAL");

    private final List<BackEnd> others;
    private final String tunnel;
    private final @Nullable Guard guard;
    private final @Nullable Gatekeeper keeper;
    private final @Nullable GuardFigures figures;

    /** One way to keep the guard. */
    record BackEnd(String name, Source source) {}

    /** Opens it for a tunnel of that name, and changes nothing. */
    interface Source {
        Guard open(String tunnel) throws KernelException;
    }

    private Sentry(@Nullable Guard guard, @Nullable Gatekeeper keeper, List<BackEnd> others, String tunnel) {
        this.guard = guard;
        this.keeper = keeper;
        this.others = List.copyOf(others);
        this.tunnel = tunnel;
        this.figures = guard == null ? null : new GuardFigures(guard);
    }

    /** Keeps no guard and looks for none: what a rehearsal has. */
    static Sentry none() {
        return new Sentry(null, null, List.of(), "");
    }

    /**
     * Chooses what keeps the guard; nothing is written yet.
     *
     * @throws Refusal if the kernel can keep none as set
     */
    static Sentry choose(Config config) throws Refusal {
        return choose(config, BACK_ENDS);
    }

    /** The same of other back ends. */
    static Sentry choose(Config config, List<BackEnd> backEnds) throws Refusal {
        if (config.guard() == Config.PacketGuard.OFF) {
            LOG.warn("the packet guard is off: whoever reaches this host can send into the overlay by IPIP");
            return new Sentry(null, null, backEnds, config.tunnel());
        }
        Guard guard = open(config.guard().name().toLowerCase(Locale.ROOT), config.tunnel(), backEnds);
        String backend = guard.backend();
        LOG.info("the packet guard is kept by {}", backend);
        List<BackEnd> others =
                backEnds.stream().filter(one -> !one.name().equals(backend)).toList();
        Gatekeeper keeper = new Gatekeeper(guard, config.subnets(), was -> logRepair(backend, was));
        return new Sentry(guard, keeper, others, config.tunnel());
    }

    private static void logRepair(String backend, GuardReading.Standing was) {
        String found = switch (was) {
            case ABSENT -> "was gone";
            case ALTERED -> "was altered";
            case INTACT -> "let in others than it should";
        };
        LOG.warn("somebody else has changed the packet guard: it {}, and is put right ({})", found, backend);
    }

    private static Guard open(String set, String tunnel, List<BackEnd> backEnds) throws Refusal {
        List<String> problems = new ArrayList<>();
        for (BackEnd backEnd : backEnds) {
            if (!set.equals("auto") && !set.equals(backEnd.name())) {
                continue;
            }
            try {
                return probed(backEnd.source().open(tunnel));
            } catch (KernelException e) {
                if (Refusal.statusOf(e.errno()) == Refusal.NO_PERMISSION) {
                    throw new Refusal(Refusal.NO_PERMISSION, "this needs root or CAP_NET_ADMIN: " + e.text());
                }
                problems.add(backEnd.name() + ": " + e.text());
            }
        }
        throw new Refusal(
                Refusal.UNAVAILABLE,
                "guard: this kernel cannot keep strangers' packets out of the tunnel ("
                        + problems.stream().collect(Collectors.joining("; "))
                        + "); `modprobe nf_tables`, or, where a firewall of yours does it, set --guard off");
    }

    private static Guard probed(Guard guard) throws KernelException {
        try {
            guard.probe();
            return guard;
        } catch (KernelException e) {
            guard.close();
            throw e;
        }
    }

    /**
     * Takes away what a former run has kept by other means; to be called once this run's guard stands, so that the tunnel
     * is never without one.
     */
    void replaceOthers() {
        for (BackEnd other : others) {
            try {
                if (remove(other, tunnel)) {
                    LOG.info("the packet guard by {}, of a former run, is taken away", other.name());
                }
            } catch (KernelException e) {
                LOG.warn("the packet guard by {}, of a former run, stays: {}", other.name(), e.text());
            }
        }
    }

    /**
     * Takes away what any back end keeps; says whether there was anything.
     *
     * @throws KernelException of a back end that this kernel has, if it refuses
     */
    static boolean removeAll(String tunnel) throws KernelException {
        boolean removed = false;
        for (BackEnd backEnd : BACK_ENDS) {
            removed |= remove(backEnd, tunnel);
        }
        return removed;
    }

    /** Whether any back end keeps one. */
    static boolean isThere(String tunnel) throws KernelException {
        for (BackEnd backEnd : BACK_ENDS) {
            if (isThere(backEnd, tunnel)) {
                return true;
            }
        }
        return false;
    }

    /** Takes one away; says whether there was anything. */
    static boolean remove(BackEnd backEnd, String tunnel) throws KernelException {
        if (!isThere(backEnd, tunnel)) {
            return false;
        }
        try (Guard guard = backEnd.source().open(tunnel)) {
            guard.remove();
            return true;
        }
    }

    private static boolean isThere(BackEnd backEnd, String tunnel) throws KernelException {
        try (Guard guard = backEnd.source().open(tunnel)) {
            return guard.read().standing() != GuardReading.Standing.ABSENT;
        } catch (KernelException e) {
            if (LACKING.contains(e.errno())) {
                LOG.debug("this kernel has no {}, so no guard by it: {}", backEnd.name(), e.text());
                return false;
            }
            throw e;
        }
    }

    /** What the reconciler asks before and after it writes. */
    Gate gate() {
        return keeper == null ? Gate.OPEN : keeper;
    }

    /** Tells when somebody else changes the guard, until closed. */
    Guard.Watch watch(Runnable changed) throws KernelException {
        return guard == null ? () -> {} : guard.watch(changed);
    }

    /** One line for people. */
    String text() {
        if (guard == null || keeper == null) {
            return "guard   off\n";
        }
        return "guard   " + guard.backend() + (keeper.state().stands() ? "" : ", not standing") + "\n";
    }

    /** What metrics show, read from the kernel now. */
    GuardState state() {
        if (guard == null || keeper == null || figures == null) {
            return GuardState.NONE;
        }
        Gatekeeper.State now = keeper.state();
        return new GuardState(guard.backend(), now.stands(), now.repairs(), figures.dropped());
    }

    /** What each of these peers sent and was sent, read from the kernel now; nothing if nobody counts it. */
    void addTraffic(PeerSeries to, List<Peer> peers) {
        if (figures != null) {
            figures.addTraffic(to, peers);
        }
    }

    /** Whose packets the guard has dropped lately; nothing if that cannot be told. Any thread. */
    Set<Stray> strays() {
        return figures == null ? Set.of() : figures.strays();
    }

    @Override
    public void close() {
        if (guard != null) {
            guard.close();
        }
    }
}
