package io.onlink.sim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What befalls agents, machines and their disks. */
final class AgentFaults {
    private static final long SECOND = VirtualTime.SECOND;

    private final World world;
    private final Faults faults;

    AgentFaults(World world, Faults faults) {
        this.world = world;
        this.faults = faults;
    }

    List<Runnable> kinds() {
        return List.of(
                this::crash,
                this::pause,
                this::powerCut,
                this::leave,
                this::gone,
                this::rollingRestart,
                this::seedsDown,
                this::move,
                this::diskFull);
    }

    /** kill -9, and started anew; what is on the disk may have suffered. */
    private void crash() {
        SimHost host = faults.any();
        world.tell(() -> "kill -9 " + host);
        host.kill();
        damage(host);
        faults.lasts(host::start);
    }

    /** A state file that is lost, empty, torn, or from long ago. */
    private void damage(SimHost host) {
        Path generation = host.disk().resolve("generation");
        Path seniority = host.disk().resolve("seniority");
        try {
            if (!Files.isDirectory(host.disk())) {
                return;
            }
            Path view = host.disk().resolve("view");
            switch (faults.random.nextInt(10)) {
                case 0 -> clear(host.disk());
                case 1 -> Files.writeString(generation, "");
                case 2 -> Files.write(generation, new byte[] {0, 0, (byte) 0xff, 7});
                case 3 -> Files.writeString(seniority, "1");
                case 4 -> Files.writeString(generation, "1\n");
                case 5 -> Files.deleteIfExists(view);
                case 6 -> Files.write(view, torn(view));
                default -> {}
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] torn(Path file) throws IOException {
        byte[] whole = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
        return Arrays.copyOf(whole, faults.random.nextInt(whole.length + 1));
    }

    static void clear(Path all) throws IOException {
        try (Stream<Path> files = Files.walk(all)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private void pause() {
        SimHost host = faults.any();
        world.tell(() -> "SIGSTOP " + host);
        host.pause();
        faults.lasts(host::resume);
    }

    private void powerCut() {
        SimHost host = faults.any();
        world.tell(() -> "power cut at " + host);
        host.powerOff();
        damage(host);
        faults.lasts(() -> {
            host.powerOn();
            world.time().in(faults.random.nextLong(5 * SECOND), host::start);
        });
    }

    private void leave() {
        SimHost host = faults.any();
        world.tell(() -> host + " leaves");
        host.leave();
        faults.lasts(host::start);
    }

    /** For good, in one way or another; not the first host, for then nobody may be left to join by. */
    private void gone() {
        SimHost host = faults.any();
        if (host.number == 1) {
            return;
        }
        world.tell(() -> host + " is gone for good");
        host.gone = true;
        switch (faults.random.nextInt(3)) {
            case 0 -> host.leave();
            case 1 -> host.powerOff();
            default -> {}
        }
        host.kill();
    }

    /** An upgrade: one after the other. */
    private void rollingRestart() {
        world.tell(() -> "rolling restart");
        long at = 0;
        for (SimHost host : world.hosts()) {
            at += faults.random.nextLong(SECOND / 10, 3 * SECOND);
            world.time().in(at, () -> {
                if (!faults.calm()) {
                    host.kill();
                    world.time().in(faults.random.nextLong(SECOND / 10, 2 * SECOND), host::start);
                }
            });
        }
    }

    private void seedsDown() {
        world.tell(() -> "all seeds down");
        world.hosts().subList(0, world.plan().seedHosts()).forEach(seed -> {
            boolean machine = faults.random.nextBoolean();
            seed.kill();
            if (machine) {
                seed.powerOff();
            }
            faults.lasts(() -> {
                seed.powerOn();
                seed.start();
            });
        });
    }

    /** Another node IP; not of a seed, for that is known by its address. */
    private void move() {
        SimHost host = faults.any();
        if (host.number <= world.plan().seedHosts() || !host.power) {
            return;
        }
        boolean ran = host.running();
        host.move();
        if (ran) {
            world.time().in(faults.random.nextLong(SECOND / 10, 3 * SECOND), host::start);
        }
    }

    /** Nothing can be written; what was there is lost. */
    private void diskFull() {
        SimHost host = faults.any();
        world.tell(() -> host + " cannot write its disk");
        try {
            if (Files.isDirectory(host.disk())) {
                clear(host.disk());
                Files.writeString(host.disk(), "");
                faults.lasts(() -> emptied(host.disk()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void emptied(Path disk) {
        try {
            Files.deleteIfExists(disk);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
