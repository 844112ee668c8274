package io.onlink.sim;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One run: hosts on a network, what befalls them, and what must hold all the while. */
final class World {
    /** Nobody listens. */
    static final Consumer<String> SILENT = line -> {};

    private static final long CHECK = 5 * VirtualTime.SECOND;

    /** What came of a run. */
    record Result(Plan plan, List<String> violations, long hash, long events) {
        boolean good() {
            return violations.isEmpty();
        }
    }

    private final Plan plan;
    private final SplittableRandom random;
    private final VirtualTime time = new VirtualTime();
    private final Network network;
    private final Invariants invariants;
    private final Faults faults;
    private final List<SimHost> hosts = new ArrayList<>();
    private final Consumer<String> tale;

    private World(Plan plan, Path disks, Consumer<String> tale) {
        this.plan = plan;
        this.tale = tale;
        this.random = new SplittableRandom(plan.seed());
        this.invariants = new Invariants(this);
        this.network = new Network(this, plan.hosts());
        for (int number = 1; number <= plan.hosts(); number++) {
            hosts.add(new SimHost(this, number, random.nextInt(4) > 0, disks.resolve("n" + number)));
        }
        this.faults = new Faults(this);
    }

    /** Lets the run happen; the disks of its hosts are directories under the given one, which starts empty. */
    static Result run(Plan plan, Path disks, Consumer<String> tale) {
        World world = new World(plan, disks, tale);
        world.live();
        return new Result(plan, world.invariants.violations(), world.time.hash(), world.time.events());
    }

    private void live() {
        long stagger = random.nextLong(1, 10) * VirtualTime.SECOND;
        hosts.forEach(host -> time.in(random.nextLong(stagger), host::start));
        faults.begin();
        for (long at = CHECK; at <= plan.length() && invariants.violations().isEmpty(); at += CHECK) {
            time.until(at);
            invariants.check();
        }
        invariants.end();
    }

    /** Tells what happens, to whoever looks at one run; costs nothing where nobody listens. */
    void tell(Supplier<String> what) {
        if (tale != SILENT) {
            tale.accept(String.format(Locale.ROOT, "%9.3f s  %s", time.now() / 1e9, what.get()));
        }
    }

    Plan plan() {
        return plan;
    }

    SplittableRandom random() {
        return random;
    }

    VirtualTime time() {
        return time;
    }

    Network network() {
        return network;
    }

    Invariants invariants() {
        return invariants;
    }

    List<SimHost> hosts() {
        return hosts;
    }
}
