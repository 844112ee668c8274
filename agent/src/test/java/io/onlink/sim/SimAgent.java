package io.onlink.sim;

import io.onlink.BareAgent;
import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.membership.BareMembership;
import io.onlink.membership.Membership;
import io.onlink.peer.Advertisement;
import io.onlink.peer.Gossip;
import io.onlink.peer.NodeName;
import io.onlink.peer.Verdict;
import io.onlink.state.BareViewFile;
import io.onlink.swim.Contact;
import io.onlink.swim.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One run of an agent: the loop and the membership as two threads that never run at once, a clock that counts from
 * anywhere, and what the kernel keeps for a process that stands still.
 */
final class SimAgent implements BareMembership.Shell, Membership.Listener, ModelKernel.Ear {
    /** Datagrams that a socket keeps for a process that does not read them. */
    private static final int SOCKET = 500;

    /** Turns in a second beyond which the loop spins. */
    private static final int MOST_TURNS = 2000;

    /** Between a change of the view and its writing. */
    private static final long WRITTEN_AFTER = 5 * VirtualTime.SECOND;

    /** How long a pass takes, with its questions to the kernel. */
    private static final long LEAST_PASS = VirtualTime.MILLI;

    private static final long MOST_PASS = 6 * VirtualTime.MILLI;

    private final World world;
    private final SimHost host;
    private final SplittableRandom random;
    private final long boot;
    private final long clockBase;
    private final BareAgent agent;
    private final BareMembership membership;
    private final List<Runnable> arrived = new ArrayList<>();
    private final List<Runnable> due = new ArrayList<>();
    private final Map<NodeName, Long> lostAt = new HashMap<>();
    private final Set<Ipv4Prefix> added = new HashSet<>();
    private long completeAt = Long.MAX_VALUE;
    private @Nullable List<Advertisement> unwritten;
    private boolean over;
    private boolean paused;
    private long alarmAt = -1;
    private long turnAt = Long.MAX_VALUE;
    private long busyUntil;
    private long second;
    private int turns;

    SimAgent(World world, SimHost host) {
        this.world = world;
        this.host = host;
        this.random = world.random().split();
        this.boot = random.nextLong() | 1;
        this.clockBase = random.nextLong() >> random.nextInt(2, 40);
        this.agent = new BareAgent(
                host.ground(this), host.kernel.open(this, () -> !over), host.guard.open(() -> !over), this::keep);
        this.membership = new BareMembership(
                this,
                this,
                new BareMembership.Start(agent.first(), world.plan().seedAddresses(), agent.remembered()),
                random);
    }

    /** Makes the tunnel and joins; false if there can be no tunnel. */
    boolean begin() {
        if (!agent.setUp()) {
            return false;
        }
        agent.join(membership);
        membership.start();
        look(0);
        return true;
    }

    /** As {@code ViewFile} does: a burst of changes is one file. */
    private void keep(List<Advertisement> view) {
        if (unwritten == null) {
            later(WRITTEN_AFTER, () -> {
                BareViewFile.write(host.disk(), Objects.requireNonNull(unwritten));
                unwritten = null;
            });
        }
        unwritten = view;
    }

    long boot() {
        return boot;
    }

    SplittableRandom random() {
        return random;
    }

    BareAgent agent() {
        return agent;
    }

    BareMembership membership() {
        return membership;
    }

    /** Whether it has had a full view. */
    boolean isComplete() {
        return completeAt != Long.MAX_VALUE;
    }

    /** How long ago that was; below 0 if it has had none. */
    long completeFor() {
        return isComplete() ? world.time().now() - completeAt : -1;
    }

    boolean paused() {
        return paused;
    }

    void end() {
        over = true;
    }

    void leave() {
        membership.leave();
        var unused = agent.withdraw(); // what it cannot take away stays
    }

    void pause() {
        paused = true;
    }

    /** Goes on: what has come in meanwhile is read first, as an event loop does it, then what is overdue is done. */
    void resume() {
        paused = false;
        List<Runnable> late = new ArrayList<>(arrived);
        late.addAll(due);
        arrived.clear();
        due.clear();
        late.forEach(task -> unlessOver(task, due));
    }

    private void unlessOver(Runnable task, List<Runnable> waiting) {
        if (over) {
            return;
        }
        if (paused) {
            waiting.add(task);
        } else {
            task.run();
        }
    }

    /** A message; one that is sealed to another run cannot be opened. */
    void receive(Contact to, Contact from, Message message) {
        if (to.boot() != 0 && to.boot() != boot) {
            return;
        }
        if (!paused || arrived.size() < SOCKET) {
            unlessOver(() -> membership.receive(from, message), arrived);
        }
    }

    /** The kernel has something for the process: kept while it stands still, read first when it goes on. */
    void arrives(Runnable what) {
        unlessOver(what, arrived);
    }

    @Override
    public long now() {
        return clockBase + world.time().now();
    }

    @Override
    public void send(Contact to, Message message) {
        world.network().send(host, new Contact(agent.first().nodeIp(), 5114, boot), to, message);
    }

    @Override
    public CompletableFuture<Verdict> ask(Ipv4 where, IntSupplier patience, LongConsumer answered) {
        return new Question(world, host, this, where).put(patience, answered);
    }

    @Override
    public void later(long nanos, Runnable task) {
        world.time().in(nanos, () -> unlessOver(task, due));
    }

    @Override
    public byte[] write(Advertisement self) {
        return host.version().write(self);
    }

    @Override
    public void wakeAt(long nanos) {
        long at = Math.max(nanos - clockBase, world.time().now());
        alarmAt = at;
        world.time().at(at, () -> {
            if (alarmAt == at) {
                alarmAt = -1;
                unlessOver(membership::tick, due);
            }
        });
    }

    @Override
    public void gossip(Gossip snapshot) {
        world.tell(() -> host + " knows "
                + snapshot.alive().stream().map(one -> one.name().text()).toList()
                + (snapshot.complete() ? "" : ", perhaps more"));
        remember(snapshot);
        agent.gossip(snapshot);
        look(0);
    }

    private void remember(Gossip snapshot) {
        long now = world.time().now();
        lostAt.replaceAll((name, at) -> at == Long.MAX_VALUE ? now : at);
        snapshot.alive().forEach(member -> lostAt.put(member.name(), Long.MAX_VALUE));
        if (snapshot.complete() && !isComplete()) {
            completeAt = now;
            world.invariants().firstView(host, lostAt.keySet());
        }
    }

    /**
     * How long this run may have had reason to forget that node: since gossip lost it, or, if it never had it, since the
     * first full view; below 0 if it has none.
     */
    long withoutFor(NodeName name) {
        return world.time().now() - lostAt.getOrDefault(name, completeAt);
    }

    /** It adds a route where there was none. */
    void adds(Ipv4Prefix dst) {
        added.add(dst);
    }

    /**
     * Whether a route is none to that node, wherever it leads: this run has added it, has never heard of the node, and has the
     * prefix from a member of another name.
     */
    boolean isAnothers(Ipv4Prefix dst, NodeName node) {
        NodeName owner = agent.owner(dst);
        return owner != null && !owner.equals(node) && !lostAt.containsKey(node) && added.contains(dst);
    }

    /** Whether a route to that node is there by the word of a member of another name, who says to be at its address. */
    boolean isByAnother(Ipv4Prefix dst, NodeName node) {
        NodeName owner = agent.owner(dst);
        return owner != null && !owner.equals(node);
    }

    @Override
    public void probed(NodeName name, long of, Verdict verdict) {
        world.tell(() -> host + " finds the host of " + name + " " + verdict);
        world.time().note(verdict.name().length() * 31L + host.number);
        agent.answered(name, of, verdict);
        look(0);
    }

    @Override
    public void changed() {
        arrives(() -> {
            agent.kernelChanged();
            look(agent.pause());
        });
    }

    @Override
    public void overrun() {
        arrives(() -> {
            agent.overrun();
            look(agent.pause());
        });
    }

    @Override
    public Set<Ipv4Prefix> blocked() {
        return agent.blocked();
    }

    /** The loop takes a turn after so long, or earlier if it was to; a thread wakes when it can. */
    private void look(long nanos) {
        long latency = random.nextLong(20 * VirtualTime.MICRO, VirtualTime.MILLI);
        long at = Math.max(busyUntil, world.time().now() + Math.max(0, nanos) + latency);
        if (at < turnAt) {
            turnAt = at;
            world.time().at(at, () -> {
                if (turnAt == at) {
                    unlessOver(this::turn, due);
                }
            });
        }
    }

    private void turn() {
        turnAt = Long.MAX_VALUE;
        busyUntil = world.time().now() + random.nextLong(LEAST_PASS, MOST_PASS);
        agent.step();
        world.time().note(agent.viewHash() + host.number);
        spin();
        look(agent.idle());
    }

    private void spin() {
        long now = world.time().now() / VirtualTime.SECOND;
        turns = now == second ? turns + 1 : 0;
        second = now;
        if (turns == MOST_TURNS) {
            world.invariants().violated(host + " takes more than " + MOST_TURNS + " turns in a second");
        }
    }
}
