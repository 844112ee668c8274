package io.onlink.swim;

import io.onlink.swim.Mesh.Host;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Many members over many seeds, with loss: how long until the last node has learnt a change, a leave and a death, and
 * how often somebody is removed who lives.
 */
public final class SwimSimulation {
    /** What the runs of one loss gave, times in milliseconds. */
    record Result(
            double loss, List<Long> change, List<Long> leave, List<Long> death, long falseRemovals, double bytes) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "loss %2.0f %%: change %s, leave %s, death %s ms; false removals %d; %.0f B/s a member",
                    loss * 100,
                    percentiles(change),
                    percentiles(leave),
                    percentiles(death),
                    falseRemovals,
                    bytes);
        }
    }

    /** From how many members on each run is worth a line of its own. */
    private static final int SAID = 1000;

    private SwimSimulation() {}

    /** Members, seeds, seconds of quiet in each run and the first seed may be given, in this order. */
    public static void main(String[] args) {
        int members = args.length > 0 ? Integer.parseInt(args[0]) : 1000;
        int seeds = args.length > 1 ? Integer.parseInt(args[1]) : 200;
        int seconds = args.length > 2 ? Integer.parseInt(args[2]) : 10;
        int from = args.length > 3 ? Integer.parseInt(args[3]) : 0;
        System.out.printf("%d members, %d seeds, p50/p90/p99/max until the last node knows%n", members, seeds);
        for (double loss : new double[] {0, 0.05, 0.2}) {
            System.out.println(run(members, seeds, seconds, loss, from));
        }
    }

    static Result run(int members, int seeds, int seconds, double loss, int from) {
        Result sum = new Result(loss, new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), 0, 0);
        List<Mesh> runs = IntStream.range(from, from + seeds)
                .parallel()
                .mapToObj(seed -> one(new Mesh(seed), members, seconds, sum))
                .toList();
        long removed = runs.stream().mapToLong(mesh -> mesh.burials.size()).sum();
        double bytes =
                runs.stream().mapToDouble(mesh -> mesh.idleBytes).average().orElse(0);
        return new Result(loss, sum.change, sum.leave, sum.death, removed, bytes);
    }

    private static Mesh one(Mesh mesh, int members, int seconds, Result sum) {
        mesh.loss = sum.loss;
        mesh.acquainted(members);
        mesh.run(2000);
        mesh.bytes = 0;
        mesh.run(seconds * 1000L);
        mesh.idleBytes = (double) mesh.bytes / seconds / members;
        Random random = new Random(members);
        List<Host> hosts = mesh.hosts;

        Host changed = hosts.get(random.nextInt(members / 3));
        Bytes news = Mesh.text("changed");
        changed.advertise("changed");
        long change = mesh.untilAll(60_000, host -> host == changed || host.says(changed, news));
        Host leaver = hosts.get(members / 3 + random.nextInt(members / 3));
        leaver.leave();
        long leave = mesh.untilAll(60_000, host -> host == leaver || host.of(leaver) == null);
        Host gone = hosts.get(members * 2 / 3 + random.nextInt(members / 3));
        gone.down = true;
        long death = mesh.untilAll(60_000, host -> host == gone || host.of(gone) == null);
        synchronized (sum) {
            sum.change.add(change);
            sum.leave.add(leave);
            sum.death.add(death);
            if (members >= SAID) {
                System.out.printf(
                        "seed %d, loss %.2f: change %d, leave %d, death %d ms; false removals %d%n",
                        mesh.seed, sum.loss, change, leave, death, mesh.burials.size());
            }
        }
        mesh.forget();
        return mesh;
    }

    private static String percentiles(List<Long> millis) {
        List<Long> sorted = millis.stream().sorted().toList();
        long never = sorted.stream().filter(m -> m < 0).count();
        return at(sorted, 0.5) + "/" + at(sorted, 0.9) + "/" + at(sorted, 0.99) + "/" + at(sorted, 1)
                + (never > 0 ? " (" + never + " never)" : "");
    }

    private static long at(List<Long> sorted, double share) {
        return sorted.get((int) Math.min(sorted.size() - 1L, Math.round(share * (sorted.size() - 1))));
    }
}
