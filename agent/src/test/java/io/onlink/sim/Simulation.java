package io.onlink.sim;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** Many runs. {@code Simulation SEEDS FROM [HOSTS]}: so many seeds from that one, of 2 to HOSTS hosts, 50 unless told; 0 for the brief
 * ones of the tests. One alone is told at length. */
public final class Simulation {
    static final int MOST_HOSTS = 50;

    private Simulation() {}

    /** Prints violations, each with the command that replays it; ends with 1 if there was any. */
    public static void main(String[] args) {
        long seeds = args.length > 0 ? Long.parseLong(args[0]) : 1;
        long from = args.length > 1 ? Long.parseLong(args[1]) : 0;
        int hosts = args.length > 2 ? Integer.parseInt(args[2]) : MOST_HOSTS;
        long bad = 0;
        long events = 0;
        long begun = System.nanoTime();
        for (long seed = from; seed < from + seeds; seed++) {
            World.Result result = run(plan(seed, hosts), seeds == 1 ? System.out::println : World.SILENT);
            events += result.events();
            if (!result.good()) {
                bad++;
                System.out.println(told(result, hosts));
            }
            if (seeds == 1) {
                System.out.printf(Locale.ROOT, "%s, hash %016x%n", result.plan(), result.hash());
            }
        }
        double took = (System.nanoTime() - begun) / 1e9;
        System.out.printf(Locale.ROOT, "%d seeds from %d: %d bad; %d events, %.1f s%n", seeds, from, bad, events, took);
        System.exit(bad == 0 ? 0 : 1);
    }

    /** That of the tests, if there are to be 0 hosts. */
    private static Plan plan(long seed, int hosts) {
        return hosts == 0 ? Plan.brief(seed) : Plan.of(seed, hosts);
    }

    /** What is wrong with a run, and how to see it again. */
    static String told(World.Result result, int hosts) {
        return "seed " + result.plan().seed() + ", " + result.plan().hosts() + " hosts:\n"
                + String.join("\n", result.violations()) + "\nagain: deploy/simulate 1 "
                + result.plan().seed() + " " + hosts;
    }

    /** One run, without a word from the agents. */
    static World.Result run(Plan plan) {
        return run(plan, World.SILENT);
    }

    private static World.Result run(Plan plan, Consumer<String> tale) {
        Logger log = (Logger) LoggerFactory.getLogger("io.onlink");
        Level before = log.getLevel();
        log.setLevel(Level.OFF);
        Path disks = directory();
        try {
            return World.run(plan, disks, tale);
        } finally {
            log.setLevel(before);
            clear(disks);
        }
    }

    private static Path directory() {
        try {
            return Files.createTempDirectory("onlink-sim");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void clear(Path disks) {
        try (Stream<Path> all = Files.walk(disks)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
