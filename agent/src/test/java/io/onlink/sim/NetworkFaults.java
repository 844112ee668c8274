package io.onlink.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What befalls the underlay. */
final class NetworkFaults {
    private final World world;
    private final Faults faults;
    private final SplittableRandom random;
    private boolean poor;

    NetworkFaults(World world, Faults faults) {
        this.world = world;
        this.faults = faults;
        this.random = faults.random;
    }

    List<Runnable> kinds() {
        return List.of(
                this::isolate,
                this::partition,
                this::oneWay,
                this::deafHost,
                this::halfDeaf,
                this::poor,
                this::cable,
                () -> world.network().routerTells = random.nextBoolean());
    }

    private void isolate() {
        SimHost host = faults.any();
        part(List.of(host), others(host));
    }

    private List<SimHost> others(SimHost host) {
        return world.hosts().stream().filter(other -> other != host).toList();
    }

    private void partition() {
        List<SimHost> one = new ArrayList<>();
        List<SimHost> other = new ArrayList<>();
        world.hosts().forEach(host -> (random.nextBoolean() ? one : other).add(host));
        part(one, other);
    }

    private void part(List<SimHost> one, List<SimHost> other) {
        world.tell(() -> "cut between " + one + " and " + other);
        one.forEach(a -> cut(List.of(a), other));
        other.forEach(b -> cut(List.of(b), one));
        faults.lasts(() -> {
            world.tell(() -> "mended between " + one + " and " + other);
            one.forEach(a -> mend(List.of(a), other));
            other.forEach(b -> mend(List.of(b), one));
        });
    }

    private void cut(List<SimHost> from, List<SimHost> to) {
        from.forEach(a -> to.forEach(b -> world.network().cut(a, b)));
    }

    private void mend(List<SimHost> from, List<SimHost> to) {
        from.forEach(a -> to.forEach(b -> world.network().mend(a, b)));
    }

    /** A few pairs, one direction each. */
    private void oneWay() {
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            SimHost from = faults.any();
            oneWay(List.of(from), List.of(faults.another(from)));
        }
    }

    /** One host hears nobody, or is heard by nobody. */
    private void deafHost() {
        SimHost host = faults.any();
        if (random.nextBoolean()) {
            oneWay(List.of(host), others(host));
        } else {
            oneWay(others(host), List.of(host));
        }
    }

    private void halfDeaf() {
        SimHost host = faults.any();
        List<SimHost> some =
                others(host).stream().filter(other -> random.nextBoolean()).toList();
        oneWay(some, List.of(host));
    }

    private void oneWay(List<SimHost> from, List<SimHost> to) {
        world.tell(() -> "one-way cut from " + from + " to " + to);
        cut(from, to);
        faults.lasts(() -> {
            world.tell(() -> "mended from " + from + " to " + to);
            mend(from, to);
        });
    }

    private void poor() {
        if (poor) {
            return;
        }
        poor = true;
        double loss = List.of(0.0, 0.05, 0.2, 0.5).get(random.nextInt(4));
        double twice = random.nextInt(3) == 0 ? 0.3 : 0;
        long delay = List.of(2L, 100L, 300L, 1200L).get(random.nextInt(4)) * VirtualTime.MILLI;
        world.tell(() -> "loss " + loss + ", repeated " + twice + ", delay up to " + delay / VirtualTime.MILLI + " ms");
        world.network().quality(loss, twice, delay);
        faults.lasts(() -> {
            poor = false;
            world.tell(() -> "the network is good");
            world.network().quality(0, 0, 2 * VirtualTime.MILLI);
        });
    }

    /** The link of the underlay goes down and comes up: what the host sends fails at once. */
    private void cable() {
        SimHost host = faults.any();
        if (host.cable) {
            host.cable(false);
            ModelKernel kernel = host.kernel;
            faults.lasts(() -> {
                if (host.kernel == kernel) {
                    host.cable(true);
                }
            });
        }
    }
}
