package io.onlink.sim;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * Many runs. {@code Simulation SEEDS FROM [HOSTS]}: so many seeds from that one, of 2 to HOSTS hosts, 50 unless told; 0 for
 * the brief ones of the tests. One alone is told at length.
 */
public final class Simulation {
    static final int MOST_HOSTS = 50;
    private static final int SAID_EACH = 100;

    private Simulation() {}

    /** Prints violations, each with the command that replays it; ends with 1 if there was any. */
    public static void main(String[] args) {
        long seeds = args.length > 0 ? Long.parseLong(args[0]) : 1;
        long from = args.length > 1 ? Long.parseLong(args[1]) : 0;
        int hosts = args.length > 2 ? Integer.parseInt(args[2]) : MOST_HOSTS;
        Account account = new Account();
        for (long seed = from; seed < from + seeds; seed++) {
            World.Result result = run(plan(seed, hosts), seeds == 1 ? System.out::println : World.SILENT);
            account.add(result);
            if (!result.good()) {
                System.out.println(told(result, hosts));
            }
            if (seeds == 1) {
                System.out.printf(Locale.ROOT, "%s, hash %016x%n", result.plan(), result.hash());
            } else if (account.runs % SAID_EACH == 0) {
                System.out.println(account);
            }
        }
        System.out.println(account);
        System.exit(account.bad == 0 ? 0 : 1);
    }

    /** What was done so far. */
    private static final class Account {
        private final Map<Integer, Integer> sizes = new TreeMap<>();
        private final long begun = spent();
        private long runs;
        private long bad;
        private long hosts;
        private long events;
        private long nanos;

        private static long spent() {
            return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        }

        void add(World.Result result) {
            runs++;
            bad += result.good() ? 0 : 1;
            hosts += result.plan().hosts();
            events += result.events();
            nanos += result.plan().length();
            sizes.merge(result.plan().hosts() / 10 * 10, 1, Integer::sum);
        }

        @Override
        public String toString() {
            double cpu = (spent() - begun) / 1e9;
            StringBuilder text = new StringBuilder();
            sizes.forEach((size, count) -> text.append(", ")
                    .append(count)
                    .append(" of ")
                    .append(Math.max(2, size))
                    .append(" to ")
                    .append(size + 9));
            return String.format(
                    Locale.ROOT,
                    "%d seeds, %d bad; %d hosts%s; %d virtual minutes, %d events, %.1f s of processor time, %.2f s each",
                    runs,
                    bad,
                    hosts,
                    text,
                    nanos / VirtualTime.SECOND / 60,
                    events,
                    cpu,
                    cpu / runs);
        }
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
