package io.onlink.sim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What befalls the hosts: drawn at random, begun at random times, and all over when the calm begins. Each run has its own
 * choice of kinds, so that some run has each of them alone.
 */
final class Faults {
    private static final long SECOND = VirtualTime.SECOND;

    private final World world;
    private final SplittableRandom random;
    private final List<Runnable> kinds = new ArrayList<>();
    private final List<Runnable> endings = new ArrayList<>();

    Faults(World world) {
        this.world = world;
        this.random = world.random().split();
    }

    /** Plans the first fault, and the end of all. */
    void begin() {
        List<Runnable> all = List.of(this::crash, this::pause, this::powerCut, this::leave, this::isolate, this::partition);
        all.stream().filter(kind -> random.nextBoolean()).forEach(kinds::add);
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
        world.hosts().forEach(host -> {
            host.powerOn();
            host.resume();
            host.start();
        });
    }

    /** Ends the fault after a time that is mostly short, at the latest when the calm begins. */
    private void lasts(Runnable ending) {
        long most = List.of(1L, 5L, 40L, 150L).get(random.nextInt(4)) * SECOND;
        boolean[] over = {false};
        Runnable once = () -> {
            if (!over[0]) {
                over[0] = true;
                ending.run();
            }
        };
        endings.add(once);
        world.time().in(random.nextLong(most / 20, most), once);
    }

    private SimHost any() {
        return world.hosts().get(random.nextInt(world.hosts().size()));
    }

    /** kill -9, and started anew; what is on the disk may have suffered. */
    private void crash() {
        SimHost host = any();
        world.tell(() -> "kill -9 " + host);
        host.kill();
        disk(host);
        lasts(host::start);
    }

    private void disk(SimHost host) {
        Path generation = host.disk().resolve("generation");
        try {
            switch (random.nextInt(6)) {
                case 0 -> Files.deleteIfExists(generation);
                case 1 -> Files.writeString(generation, "");
                case 2 -> Files.write(generation, new byte[] {0, 0, (byte) 0xff, 7});
                default -> {}
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void pause() {
        SimHost host = any();
        world.tell(() -> "SIGSTOP " + host);
        host.pause();
        lasts(host::resume);
    }

    private void powerCut() {
        SimHost host = any();
        world.tell(() -> "power cut at " + host);
        host.powerOff();
        disk(host);
        lasts(() -> {
            host.powerOn();
            world.time().in(random.nextLong(5 * SECOND), host::start);
        });
    }

    private void leave() {
        SimHost host = any();
        world.tell(() -> host + " leaves");
        host.leave();
        lasts(host::start);
    }

    private void isolate() {
        SimHost host = any();
        List<SimHost> others = world.hosts().stream().filter(other -> other != host).toList();
        part(List.of(host), others);
    }

    private void partition() {
        List<SimHost> one = new ArrayList<>();
        List<SimHost> other = new ArrayList<>();
        world.hosts().forEach(host -> (random.nextBoolean() ? one : other).add(host));
        part(one, other);
    }

    private void part(List<SimHost> one, List<SimHost> other) {
        world.tell(() -> "cut between " + one + " and " + other);
        one.forEach(a -> other.forEach(b -> {
            world.network().cut(a, b);
            world.network().cut(b, a);
        }));
        lasts(() -> {
            world.tell(() -> "mended between " + one + " and " + other);
            one.forEach(a -> other.forEach(b -> {
                world.network().mend(a, b);
                world.network().mend(b, a);
            }));
        });
    }
}
