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
    private static final List<BackEnd> BACK_ENDS = List.of(
            new BackEnd("nftables", tunnel -> {
                NftGuard guard = NftGuard.open(tunnel);
                return new Probed(guard, guard::probe);
            }),
            new BackEnd("tc", tunnel -> {
                TcGuard guard = TcGuard.open(tunnel);
                return new Probed(guard, guard::probe);
            }));

    private final @Nullable Guard guard;
    private final @Nullable Gatekeeper keeper;
    private final @Nullable GuardFigures figures;

    private record BackEnd(String name, Source source) {}

    private interface Source {
        Probed open(String tunnel) throws KernelException;
    }

    private record Probed(Guard guard, Probe probe) {}

    private interface Probe {
        void run() throws KernelException;
    }

    private Sentry(@Nullable Guard guard, @Nullable Gatekeeper keeper) {
        this.guard = guard;
        this.keeper = keeper;
        this.figures = guard == null ? null : new GuardFigures(guard);
    }

    /** Keeps no guard and looks for none: what a rehearsal has. */
    static Sentry none() {
        return new Sentry(null, null);
    }

    /**
     * Chooses what keeps the guard, and takes away one that a former run has kept by other means.
     *
     * @throws Refusal if the kernel can keep none as set
     */
    static Sentry choose(Config config) throws Refusal {
        String set = config.guard().name().toLowerCase(Locale.ROOT);
        Guard guard = null;
        if (config.guard() != Config.PacketGuard.OFF) {
            guard = open(set, config.tunnel());
        }
        removeOthers(guard == null ? "" : guard.backend(), config.tunnel());
        if (guard == null) {
            LOG.warn("the packet guard is off: whoever reaches this host can send into the overlay by IPIP");
            return none();
        }
        LOG.info("the packet guard is kept by {}", guard.backend());
        String backend = guard.backend();
        return new Sentry(guard, new Gatekeeper(guard, config.subnets(), was -> logRepair(backend, was)));
    }

    private static void logRepair(String backend, GuardReading.Standing was) {
        String found = switch (was) {
            case ABSENT -> "was gone";
            case ALTERED -> "was altered";
            case INTACT -> "let in others than it should";
        };
        LOG.warn("somebody else has changed the packet guard: it {}, and is put right ({})", found, backend);
    }

    private static Guard open(String set, String tunnel) throws Refusal {
        List<String> problems = new ArrayList<>();
        for (BackEnd backEnd : BACK_ENDS) {
            if (!set.equals("auto") && !set.equals(backEnd.name())) {
                continue;
            }
            try {
                Probed found = backEnd.source().open(tunnel);
                try {
                    found.probe().run();
                    return found.guard();
                } catch (KernelException e) {
                    found.guard().close();
                    throw e;
                }
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

    /** Removes what the other back ends keep; one that this kernel lacks keeps nothing. */
    private static void removeOthers(String chosen, String tunnel) {
        for (BackEnd backEnd : BACK_ENDS) {
            if (!backEnd.name().equals(chosen)) {
                try (Guard other = backEnd.source().open(tunnel).guard()) {
                    other.remove();
                } catch (KernelException e) {
                    LOG.debug("no guard by {} to take away: {}", backEnd.name(), e.text());
                }
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
            try (Guard guard = backEnd.source().open(tunnel).guard()) {
                if (guard.read().standing() != GuardReading.Standing.ABSENT) {
                    guard.remove();
                    removed = true;
                }
            } catch (KernelException e) {
                if (!e.errno().equals("EOPNOTSUPP") && !e.errno().equals("EPROTONOSUPPORT")) {
                    throw e;
                }
            }
        }
        return removed;
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
