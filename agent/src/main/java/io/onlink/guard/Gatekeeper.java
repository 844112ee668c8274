package io.onlink.guard;

import io.onlink.inet.Ipv4Prefix;
import io.onlink.peer.Peer;
import io.onlink.peer.PeerView;
import io.onlink.route.Gate;
import io.onlink.route.KernelException;
import io.onlink.route.Route;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the guard as the view of the mesh wants it, in the order that the routes need.
 *
 * <p>What it remembers from pass to pass is only to tell a repair from a change of the mesh. {@link #state} may be called
 * on any thread.
 */
public final class Gatekeeper implements Gate {
    private final Guard guard;
    private final Collection<Ipv4Prefix> own;
    private final Listener listener;
    private GuardReading now = GuardReading.ABSENT;
    private @Nullable GuardTable left;
    private boolean repaired;
    private volatile State state = new State(false, 0);

    /** Called on the agent's thread. */
    public interface Listener {
        /** The guard was not as the last pass had left it, and is put right. */
        void repaired(GuardReading.Standing was);
    }

    /**
     * For metrics.
     *
     * @param stands whether the guard stood when it was last looked at
     * @param repairs how often it was put right
     */
    public record State(boolean stands, long repairs) {}

    /**
     * A keeper of the guard.
     *
     * @param own this node's subnets, that inner destinations must be in
     */
    public Gatekeeper(Guard guard, Collection<Ipv4Prefix> own, Listener listener) {
        this.guard = guard;
        this.own = List.copyOf(own);
        this.listener = listener;
    }

    /** What metrics show. */
    public State state() {
        return state;
    }

    @Override
    public void stand(Collection<Route> routes) throws KernelException {
        boolean stands = false;
        long repairs = state.repairs();
        repaired = false;
        try {
            now = guard.read();
            GuardTable before = left;
            if (before != null && !now.equals(GuardReading.intact(before))) {
                repaired = true;
                repairs++;
                listener.repaired(now.standing());
            }
            if (now.standing() != GuardReading.Standing.INTACT) {
                change(GuardDiff.widen(now, table(PeerView.EMPTY, routes)));
            }
            stands = true;
        } finally {
            state = new State(stands, repairs);
        }
    }

    @Override
    public void widen(PeerView view, Collection<Route> routes) throws KernelException {
        GuardTable want = table(view, routes);
        if (!now.equals(GuardReading.intact(want))) {
            change(GuardDiff.widen(now, want));
        }
    }

    @Override
    public void narrow(PeerView view, Collection<Route> leftover) throws KernelException {
        GuardTable want = table(view, leftover);
        if (!now.table().equals(want)) {
            change(GuardDiff.narrow(now.table(), want));
        }
        left = now.table();
    }

    @Override
    public boolean repaired() {
        return repaired;
    }

    private void change(GuardChange change) throws KernelException {
        if (change.isNothing()) {
            return;
        }
        left = null;
        GuardTable then = GuardDiff.after(now.table(), change);
        try {
            guard.apply(change);
        } catch (KernelException refused) {
            if (change instanceof GuardChange.Rewrite) {
                throw refused;
            }
            rewrite(then, refused);
        }
        now = GuardReading.intact(then);
    }

    /** Elements that cannot be changed were not what they seemed; the same change would be refused in every pass. */
    private void rewrite(GuardTable table, KernelException refused) throws KernelException {
        try {
            guard.apply(new GuardChange.Rewrite(table));
        } catch (KernelException e) {
            e.addSuppressed(refused);
            throw e;
        }
        repaired = true;
        state = new State(state.stands(), state.repairs() + 1);
        listener.repaired(GuardReading.Standing.ALTERED);
    }

    private GuardTable table(PeerView view, Collection<Route> routes) {
        SortedSet<Pair> pairs = new TreeSet<>();
        for (Peer peer : view.peers()) {
            peer.subnets().forEach(subnet -> pairs.add(new Pair(peer.nodeIp(), subnet)));
        }
        routes.stream().filter(Route::intact).forEach(route -> pairs.add(new Pair(route.gateway(), route.dst())));
        return new GuardTable(pairs, new TreeSet<>(own));
    }
}
