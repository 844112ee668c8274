package io.onlink.lab;

import io.onlink.guard.GuardChange;
import io.onlink.guard.GuardTable;
import io.onlink.guard.Pair;
import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.netlink.TcGuard;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the guard by tc costs: iperf3 through the tunnel, with and without it, in turns. Run by deploy/lab/guard-speed. */
final class GuardSpeed {
    private static final Pattern RECEIVED = Pattern.compile("([0-9.]+) Mbits/sec.*receiver");
    /** Packets for each second asked for. */
    private static final int FLOOD = 20_000;

    private final MatrixHosts hosts = new MatrixHosts("onlink-speed-");
    private final int seconds;

    private GuardSpeed(int seconds) {
        this.seconds = seconds;
    }

    public static void main(String[] args) throws Exception {
        int rounds = Integer.parseInt(args[0]);
        GuardSpeed speed = new GuardSpeed(Integer.parseInt(args[1]));
        speed.hosts.make();
        for (String host : List.of("a", "b")) {
            speed.hosts.tunnel(host);
        }
        Wire.enter(speed.hosts.of("a"));
        Map<String, GuardTable> tables = new LinkedHashMap<>();
        tables.put("3 peers", table(3, false));
        tables.put("300 peers", table(300, false));
        tables.put("300 peers, last octet alike", table(300, true));
        Process server = new ProcessBuilder("iperf3", "-s", "-B", "10.42.1.1")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (TcGuard guard = TcGuard.open("tunl0")) {
            speed.run(guard, tables, rounds);
        } finally {
            server.destroy();
        }
        System.exit(0);
    }

    private void run(TcGuard guard, Map<String, GuardTable> tables, int rounds) throws Exception {
        Map<String, List<double[]>> seen = new LinkedHashMap<>();
        measure(Optional.empty(), guard);
        for (int round = 0; round < rounds; round++) {
            seen.computeIfAbsent("no guard", any -> new ArrayList<>()).add(measure(Optional.empty(), guard));
            for (Map.Entry<String, GuardTable> one : tables.entrySet()) {
                seen.computeIfAbsent(one.getKey(), any -> new ArrayList<>())
                        .add(measure(Optional.of(one.getValue()), guard));
            }
        }
        System.out.printf("%-30s %22s %34s%n", "", "TCP, Mbit/s", "small packets, thousand/s");
        seen.forEach((name, all) -> System.out.printf("%-30s %22s %34s%n", name, row(all, 0), row(all, 1)));
    }

    /** The median, and all. */
    private static String row(List<double[]> all, int column) {
        double[] sorted = all.stream().mapToDouble(one -> one[column]).sorted().toArray();
        StringBuilder text = new StringBuilder(String.format("%.1f (", sorted[sorted.length / 2]));
        for (double one : sorted) {
            text.append(String.format("%.1f ", one));
        }
        return text.toString().strip() + ")";
    }

    private double[] measure(Optional<GuardTable> table, TcGuard guard) throws Exception {
        guard.remove();
        if (table.isPresent()) {
            guard.apply(new GuardChange.Rewrite(table.get()));
        }
        String tcp = hosts.on("b", "iperf3 -f m -B 10.42.2.1 -c 10.42.1.1 -t " + seconds);
        Matcher rate = RECEIVED.matcher(tcp);
        if (!rate.find()) {
            throw new IllegalStateException(tcp);
        }
        return new double[] {Double.parseDouble(rate.group(1)), flood()};
    }

    /** Small packets through host a's guard and out of its tunnel, as fast as one sender can; thousands a second. */
    private double flood() throws Exception {
        byte[] inner = Packets.udp("10.42.2.9", "10.42.1.1", "as many octets as make sixty-four, all in all");
        byte[] packet = Packets.in("10.99.0.2", "10.99.0.1", inner);
        long before = hosts.decapsulated("a");
        long start = System.nanoTime();
        Wire.send(hosts.of("b"), "10.99.0.1", Collections.nCopies(FLOOD * seconds, packet));
        long nanos = System.nanoTime() - start;
        return (hosts.decapsulated("a") - before) * 1e6 / nanos;
    }

    private static GuardTable table(int peers, boolean alike) {
        TreeSet<Pair> pairs = new TreeSet<>();
        pairs.add(new Pair(Ipv4.parse("10.99.0.2"), Ipv4Prefix.parse("10.42.2.0/24")));
        for (int i = 1; i < peers; i++) {
            // Those alike come before the peer that is measured in its bucket, which is the longest way.
            String outer = alike ? "10." + (10 + i / 200) + "." + i % 200 + ".2" : "10.98." + i / 250 + "." + i % 250;
            pairs.add(new Pair(Ipv4.parse(outer), Ipv4Prefix.parse("10.43." + i / 250 + "." + i % 250 + "/32")));
        }
        return GuardTable.of(pairs, Set.of(Ipv4Prefix.parse("10.42.1.0/24")));
    }
}
