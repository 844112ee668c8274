package io.onlink.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What befalls a run: drawn at random, begun at random times, and all over when the calm begins. Each run has its own
 * choice of kinds, so that some have few of them and those often.
 */
final class Faults {
    private static final long SECOND = VirtualTime.SECOND;

    final SplittableRandom random;
    private final World world;
    private final List<Runnable> kinds = new ArrayList<>();
    private final List<Runnable> endings = new ArrayList<>();

    Faults(World world) {
        this.world = world;
        this.random = world.random().split();
    }

    /** Plans the first fault, and the end of all. */
    void begin() {
        List<Runnable> all = new ArrayList<>();
        all.addAll(new AgentFaults(world, this).kinds());
        all.addAll(new NetworkFaults(world, this).kinds());
        all.addAll(new KernelFaults(world, this).kinds());
        all.addAll(new Liar(world, this).kinds());
        int odds = random.nextInt(1, 5);
        all.stream().filter(kind -> random.nextInt(odds) == 0).forEach(kinds::add);
        if (!kinds.isEmpty()) {
            next();
        }
        world.time().at(world.plan().calmFrom(), this::end);
    }

    private void next() {
        long wait = (long) (-Math.log(1 - random.nextDouble()) * world.plan().faultPeriod());
        world.time().in(wait, () -> {
            if (world.time().now() < world.plan().calmFrom()) {
                kinds.get(random.nextInt(kinds.size())).run();
                next();
            }
        });
    }

    /** Whatever is not over yet is over now. */
    private void end() {
        world.tell(() -> "calm");
        endings.forEach(Runnable::run);
        world.hosts().stream().filter(host -> !host.gone).forEach(host -> {
            host.powerOn();
            host.resume();
            host.start();
        });
    }

    /** Whether no fault may begin any more. */
    boolean calm() {
        return world.time().now() >= world.plan().calmFrom();
    }

    /** Ends the fault after a time that is mostly short, at the latest when the calm begins. */
    void lasts(Runnable ending) {
        long most = List.of(1L, 5L, 40L, 150L).get(random.nextInt(4)) * SECOND;
        lasts(random.nextLong(most / 20, most), ending);
    }

    /** Ends it after that time. */
    void lasts(long nanos, Runnable ending) {
        boolean[] over = {false};
        Runnable once = () -> {
            if (!over[0]) {
                over[0] = true;
                ending.run();
            }
        };
        endings.add(once);
        world.time().in(nanos, once);
    }

    /** Any host. */
    SimHost any() {
        return world.hosts().get(random.nextInt(world.hosts().size()));
    }

    /** Another one. */
    SimHost another(SimHost than) {
        SimHost other = any();
        while (other == than) {
            other = any();
        }
        return other;
    }
}
