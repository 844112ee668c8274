package io.onlink.sim;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.route.Change;
import io.onlink.route.Dump;
import io.onlink.route.Failure;
import io.onlink.route.FakeKernel;
import io.onlink.route.Kernel;
import io.onlink.route.KernelException;
import io.onlink.route.LinkCounters;
import io.onlink.route.Route;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A host's network stack: the tables of {@link FakeKernel}, which are held against a real kernel elsewhere, and the
 * notifications that the real one gives, or does not give, of what is done to them.
 */
final class ModelKernel {
    /** Who hears the notifications: the monitor of the agent that runs there. */
    interface Ear {
        void changed();

        void overrun();

        /** Destinations at which a foreign route is in the way. */
        Set<Ipv4Prefix> blocked();
    }

    /** Told of everything an agent writes, with our routes before and after. */
    interface Watcher {
        /** A dump was asked for and not given. */
        void interrupted();

        void wrote(List<Change> changes, Map<Ipv4Prefix, Ipv4> before, Map<Ipv4Prefix, Ipv4> after);

        void violated(String what);
    }

    private final FakeKernel tables;
    private final Watcher watcher;
    private @Nullable Ear ear;
    private @Nullable Map<Ipv4Prefix, Ipv4> ours;
    private @Nullable Dump dump;

    /** Notifications are lost from now on, until somebody is told so. */
    private boolean deaf;

    private boolean missed;

    ModelKernel(String eth0, boolean nexthopObjects, Watcher watcher) {
        this.tables = new FakeKernel(eth0, nexthopObjects);
        this.watcher = watcher;
    }

    /** The kernel as one agent has it; nothing may be asked by it once that agent has ended. */
    Kernel open(Ear listener, Supplier<Boolean> alive) {
        ear = listener;
        return new Opened(alive);
    }

    /** That agent hears no more. */
    void closed() {
        ear = null;
        deaf = false;
        missed = false;
    }

    private final class Opened implements Kernel {
        private final Supplier<Boolean> alive;

        Opened(Supplier<Boolean> alive) {
            this.alive = alive;
        }

        @Override
        public Dump dump() throws KernelException {
            return ModelKernel.this.dump();
        }

        @Override
        public List<Failure> apply(List<Change> changes) {
            if (!alive.get()) {
                watcher.violated("I7: an agent that has ended writes " + changes);
            }
            Map<Ipv4Prefix, Ipv4> before = ours();
            List<?> foreign = tables.foreign();
            List<Failure> failures = tables.apply(changes);
            changed();
            tables.written();
            if (!tables.foreign().equals(foreign)) {
                watcher.violated(
                        "I3: " + changes + " makes foreign routes\n" + foreign + "\nbecome\n" + tables.foreign());
            }
            watcher.wrote(changes, before, ours());
            return failures;
        }

        @Override
        public LinkCounters counters(String link) {
            return LinkCounters.ZERO;
        }

        @Override
        public void close() {}
    }

    private void changed() {
        ours = null;
        dump = null;
    }

    /** The same again while nothing has changed. */
    private Dump dump() throws KernelException {
        Dump known = dump;
        if (known == null) {
            try {
                known = tables.dump();
            } catch (KernelException interrupted) {
                watcher.interrupted();
                throw interrupted;
            }
            dump = known;
        }
        return known;
    }

    /** Gateways of our routes, by destination. */
    Map<Ipv4Prefix, Ipv4> ours() {
        Map<Ipv4Prefix, Ipv4> known = ours;
        if (known == null) {
            known = new TreeMap<>();
            try {
                for (Route route : dump().table().routes()) {
                    if (route.intact()) {
                        known.put(route.dst(), route.gateway());
                    }
                }
            } catch (KernelException broken) {
                return Map.of();
            }
            ours = known;
        }
        return known;
    }

    /** A command of iproute2 by somebody else's hand. */
    void hand(String command) {
        boolean blocking = ear != null && ear.blocked().stream().anyMatch(dst -> command.contains(dst + " "));
        tables.hand(command);
        changed();
        boolean route = command.startsWith("ip route");
        boolean foreign = route && !command.contains("114");
        boolean adds = command.startsWith("ip route add") || command.startsWith("ip route append");
        boolean silent = foreign && (adds || (command.contains("static") && !command.contains("replace") && !blocking));
        if (!silent) {
            tell();
        }
    }

    /** {@code modprobe -r ipip}. */
    void unload() {
        tables.linkGone("tunl0");
        changed();
        tell();
    }

    /** Refuses that destination, or all again with null. */
    void refuse(@Nullable Ipv4Prefix dst) {
        if (dst == null) {
            tables.refuseNone();
        } else {
            tables.refuse(dst.toString());
        }
    }

    /** The next dumps are interrupted. */
    void breakDumps(int count) {
        tables.breakDumps(count);
        dump = null;
    }

    /** The receive buffer of notifications is full: they are lost until {@link #heard}. */
    void deafen() {
        deaf = true;
    }

    /** Somebody reads the socket again: it is told that something was lost, if something was. */
    void heard() {
        deaf = false;
        if (missed && ear != null) {
            ear.overrun();
        }
        missed = false;
    }

    /** Something else has changed of which the agent is told. */
    void told() {
        tell();
    }

    private void tell() {
        if (deaf) {
            missed = true;
        } else if (ear != null) {
            ear.changed();
        }
    }

    /** The tables as {@code ip route} prints them. */
    @Override
    public String toString() {
        return tables.toString();
    }
}
