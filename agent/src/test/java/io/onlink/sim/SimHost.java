package io.onlink.sim;

import io.onlink.BareAgent;
import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.peer.NodeName;
import io.onlink.peer.Rules;
import io.onlink.route.TunnelSettings;
import io.onlink.swim.Contact;
import io.onlink.swim.Message;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One machine: its kernel, its disk, and the agent that runs on it, if one does. */
final class SimHost {
    static final Rules RULES = new Rules(List.of(Ipv4Prefix.parse("10.42.0.0/15")), 8, Optional.empty());
    private static final Duration VIEW_MAX_AGE = Duration.ofHours(24);
    private static final int UNDERLAY = 0xac100000; // 172.16.0.0/16

    final int number;
    final NodeName name;

    /** Where it is now; it may move. */
    Ipv4 ip;

    final List<Ipv4Prefix> subnets;

    /** Whether an agent has run here for a while, without pause, trouble of power or a change to the machine. */
    final Spell agentWell = new Spell(false);

    /** Whether the kernel has been left alone by everybody but the agent. */
    final Spell kernelWell = new Spell(true);

    ModelKernel kernel;
    ModelGuard guard;
    boolean power = true;

    @Nullable
    SimAgent agent;

    /** Whether the underlay's link is up. */
    boolean cable = true;

    /** Whether it is never to be started again. */
    boolean gone;

    private int disturbed;

    /** Whether the last agent here has announced that it leaves. */
    boolean left;

    /** When one here last did. */
    long leftAt = Long.MIN_VALUE / 2;

    /** Since when and until when it last stood still. */
    private long pausedAt = Long.MIN_VALUE / 2;

    private long resumedAt = Long.MIN_VALUE / 2;

    private final World world;
    private final boolean nexthopObjects;
    private final Path disk;

    /** Which version of the agent runs here. */
    private final Version version;

    SimHost(World world, int number, boolean nexthopObjects, Path disk) {
        this.world = world;
        this.number = number;
        this.nexthopObjects = nexthopObjects;
        this.disk = disk;
        this.version = Version.any(world.random());
        this.name = new NodeName("n" + number);
        this.ip = ip(number);
        Ipv4Prefix first = Ipv4Prefix.parse("10.42." + number + ".0/24");
        this.subnets =
                number % 3 == 0 ? List.of(first, Ipv4Prefix.parse("10.43." + number + ".128/25")) : List.of(first);
        this.kernel = boot();
        this.guard = new ModelGuard(world.invariants().of(this));
    }

    static Ipv4 ip(int number) {
        return new Ipv4(UNDERLAY + number);
    }

    /** Which host may have had the address; 0 if none can have it. */
    static int number(Ipv4 ip) {
        return (ip.bits() & 0xffff0000) == UNDERLAY ? ip.bits() & 0xff : 0;
    }

    /** Its address is another from now on: the agent ends, as one that found its node IP itself, and is started anew. */
    void move() {
        Ipv4 before = ip;
        ip = new Ipv4(ip.bits() + 256);
        world.tell(() -> this + " moves from " + before + " to " + ip);
        kernel.hand("ip address add " + ip + "/16 dev eth0");
        kernel.hand("ip address del " + before + "/16 dev eth0");
        kill();
        world.network().moved(this);
    }

    private ModelKernel boot() {
        return new ModelKernel(ip + "/16", nexthopObjects, world.invariants().of(this));
    }

    /** The underlay's link goes down, or up. */
    void cable(boolean up) {
        world.tell(() -> this + (up ? " has a cable" : " has no cable"));
        cable = up;
        kernel.hand("ip link set eth0 " + (up ? "up" : "down"));
        world.network().changed(this);
    }

    /** One more, or one less, does something to the kernel. */
    void disturb(int by) {
        disturbed += by;
        kernelWell.set(disturbed == 0, world.time().now());
        kernelWell.shaken(world.time().now());
    }

    /** Power goes: the agent ends, the tables are gone. */
    void powerOff() {
        kill();
        power = false;
        kernel = boot();
        guard = new ModelGuard(world.invariants().of(this));
        cable = true;
        world.network().changed(this);
    }

    void powerOn() {
        world.tell(() -> this + " has power");
        power = !gone;
        world.network().changed(this);
    }

    /** {@code onlink agent} is started; a second is refused. */
    void start() {
        if (!power || gone || agent != null) {
            return;
        }
        world.tell(() -> this + " starts");
        SimAgent fresh = new SimAgent(world, this);
        agent = fresh;
        if (!fresh.begin()) {
            kill(); // the tunnel cannot be set up: the agent exits, and whoever supervises it starts it again
            world.time().in(VirtualTime.SECOND, this::start);
        } else {
            left = false;
        }
        look();
    }

    /** The agent ends at once, without a word. */
    void kill() {
        SimAgent running = agent;
        if (running != null) {
            running.end();
            agent = null;
            kernel.closed();
        }
        look();
    }

    /** {@code onlink leave}. */
    void leave() {
        SimAgent running = agent;
        if (running != null && !running.paused()) {
            left = true;
            leftAt = world.time().now();
            running.leave();
            kill();
        }
    }

    void pause() {
        if (agent != null && !agent.paused()) {
            pausedAt = world.time().now();
            agent.pause();
        }
        look();
    }

    void resume() {
        world.tell(() -> this + " goes on");
        if (agent != null && agent.paused()) {
            resumedAt = world.time().now();
            agent.resume();
        }
        look();
    }

    /** When the agent may first have heard of that leave. */
    long heardOfLeave(SimHost peer) {
        boolean slept = pausedAt <= peer.leftAt && peer.leftAt <= resumedAt;
        return slept ? resumedAt : peer.leftAt;
    }

    private void look() {
        agentWell.set(power && agent != null && !agent.paused(), world.time().now());
    }

    boolean running() {
        return power && agent != null;
    }

    /** A datagram or a frame has come. */
    void receive(Contact to, Contact from, Message message) {
        if (agent != null) {
            agent.receive(to, from, message);
        }
    }

    Path disk() {
        return disk;
    }

    Version version() {
        return version;
    }

    BareAgent.Ground ground(SimAgent run) {
        TunnelSettings links = new TunnelSettings("tunl0", subnets.get(0), ip, 0, "", true);
        Set<Ipv4> seeds = world.plan().seedAddresses();
        return new BareAgent.Ground(
                name, run.boot(), links, subnets, RULES, seeds, disk, VIEW_MAX_AGE, run::now, run.random());
    }

    @Override
    public String toString() {
        return name.text();
    }
}
