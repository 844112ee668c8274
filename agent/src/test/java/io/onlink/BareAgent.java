package io.onlink;

import io.onlink.guard.Gatekeeper;
import io.onlink.guard.Guard;
import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.membership.Membership;
import io.onlink.peer.Advertisement;
import io.onlink.peer.Gossip;
import io.onlink.peer.NodeName;
import io.onlink.peer.Peer;
import io.onlink.peer.PeerView;
import io.onlink.peer.Rules;
import io.onlink.peer.Verdict;
import io.onlink.route.Kernel;
import io.onlink.route.KernelException;
import io.onlink.route.Reconciler;
import io.onlink.route.TunnelSettings;
import io.onlink.state.ViewFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The agent as {@link AgentRun} wires it, but without threads, sockets and a clock of its own: for the simulation. */
public final class BareAgent {
    /** What the operator sets, and what chance and the clock give. */
    public record Ground(
            NodeName name,
            long boot,
            TunnelSettings links,
            List<Ipv4Prefix> subnets,
            Rules rules,
            Set<Ipv4> seeds,
            Path stateDir,
            Duration viewMaxAge,
            LongSupplier clock,
            RandomGenerator random) {}

    /** Default hold and resync, and the least share of silent hosts that is a mass, in percent. */
    public static final Duration HOLD = Duration.ofSeconds(60);

    public static final Duration RESYNC = Duration.ofSeconds(30);
    private static final int MASS = 50;

    private final Ground ground;
    private final Consumer<List<Advertisement>> keep;
    private final List<Advertisement> remembered;
    private final StateFile state;
    private final Advertisement first;
    private final Gatekeeper keeper;
    private final Reconciler reconciler;
    private final Mailbox mailbox = new Mailbox();
    private @Nullable Agent agent;
    private @Nullable Turn last;
    private boolean ranked;

    /** Reads the state files and counts this run; {@code keep} takes the view whenever it has changed. */
    public BareAgent(Ground ground, Kernel kernel, Guard guard, Consumer<List<Advertisement>> keep) {
        this.ground = ground;
        this.keep = keep;
        this.remembered = ground.viewMaxAge().isZero() ? List.of() : ViewFile.read(ground.stateDir());
        this.state = new StateFile(ground.stateDir());
        long generation = state.nextGeneration();
        long seniority = state.seniority(ground.subnets());
        state.keep(generation, seniority, ground.subnets());
        this.ranked = seniority != 0;
        this.first = new Advertisement(
                ground.name(),
                ground.boot(),
                generation,
                ground.links().nodeIp(),
                5114,
                ground.subnets(),
                seniority,
                "sim");
        this.keeper = new Gatekeeper(guard, ground.subnets(), was -> {});
        this.reconciler = new Reconciler(kernel, ground.links(), true, keeper);
    }

    /** Its first claim. */
    public Advertisement first() {
        return first;
    }

    /** The view of the last run. */
    public List<Advertisement> remembered() {
        return remembered;
    }

    /** Makes the tunnel, as before gossip starts; says whether it is up. */
    public boolean setUp() {
        try {
            return reconciler.reconcile(dump -> PeerView.EMPTY, dst -> false).tunnelUp();
        } catch (KernelException e) {
            return false;
        }
    }

    /** Begins with the membership. */
    public void join(Membership membership) {
        AgentSettings settings =
                new AgentSettings(first, ground.links(), ground.rules(), ground.seeds(), HOLD, MASS, RESYNC);
        Agent.World world = new Agent.World(
                reconciler,
                membership,
                mailbox,
                ground.clock(),
                turn -> last = turn,
                claim -> {
                    state.keep(claim.generation(), claim.seniority(), claim.subnets());
                    ranked |= claim.seniority() != 0;
                },
                new Agent.Memory(remembered, ground.viewMaxAge(), keep),
                PathTargets.TUNNEL_MTU);
        agent = new Agent(settings, world, ground.random());
    }

    private Agent agent() {
        Agent joined = agent;
        if (joined == null) {
            throw new IllegalStateException("not joined yet");
        }
        return joined;
    }

    /** Whom it routes that prefix to by the view of its last turn; null if that is nobody. */
    public @Nullable NodeName owner(Ipv4Prefix dst) {
        Turn turn = last;
        return turn == null
                ? null
                : turn.status().view().peers().stream()
                        .filter(peer -> peer.subnets().contains(dst))
                        .map(Peer::name)
                        .findFirst()
                        .orElse(null);
    }

    /** Whether its claim has a rank; one that has none comes after all others. */
    public boolean ranked() {
        return ranked;
    }

    /** Puts mail in the box. */
    public void gossip(Gossip snapshot) {
        mailbox.gossip(snapshot);
    }

    /** Puts mail in the box. */
    public void answered(NodeName name, long boot, Verdict verdict) {
        mailbox.answered(name, boot, verdict);
    }

    /** Puts mail in the box. */
    public void kernelChanged() {
        mailbox.kernelChanged();
    }

    /** Puts mail in the box. */
    public void overrun() {
        mailbox.overrun();
    }

    /** One turn with the mail there is. */
    public void step() {
        try {
            agent().step(mailbox.take(0));
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the only thread", e);
        }
    }

    /** How long it would wait without mail, in nanoseconds. */
    public long idle() {
        return agent().idle(ground.clock().getAsLong());
    }

    /** How long it would not look at the kernel's notifications, in nanoseconds. */
    public long pause() {
        return agent().pause(ground.clock().getAsLong());
    }

    /** Takes away what is ours, as on leave; says whether the kernel could be read. */
    public boolean withdraw() {
        try {
            return reconciler.withdraw().isEmpty();
        } catch (KernelException e) {
            return false;
        }
    }

    /** What the nodes it believes in hash to; 0 before the first turn. */
    public long viewHash() {
        Turn turn = last;
        return turn == null ? 0 : turn.status().viewHash();
    }

    /** Peers whose routes the mass-departure guard keeps. */
    public int guarded() {
        Turn turn = last;
        return turn == null ? 0 : turn.status().guarded();
    }

    /** Whether it says that it is ready. */
    public boolean ready() {
        Turn turn = last;
        return turn != null && turn.status().ready();
    }

    /** The status page. */
    public String text() {
        Turn turn = last;
        return turn == null ? "" : turn.status().text();
    }

    /** Destinations at which a foreign route is in the way. */
    public Set<Ipv4Prefix> blocked() {
        Turn turn = last;
        return turn == null ? Set.of() : turn.blocked();
    }
}
