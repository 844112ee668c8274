package io.onlink.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.onlink.guard.DropReason;
import io.onlink.guard.Guard;
import io.onlink.guard.GuardChange;
import io.onlink.guard.GuardDiff;
import io.onlink.guard.GuardReading;
import io.onlink.guard.GuardTable;
import io.onlink.guard.Pair;
import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.netlink.TcGuard;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The guard by tc on a kernel with ipip, case after case on one set of hosts: run inside such a kernel, by
 * {@link GuardOnIpipIT}. It prints a line for each case, and its status says whether all held.
 */
final class GuardOnIpip {
    private static final Ipv4Prefix OWN = Ipv4Prefix.parse("10.42.1.0/24");

    /** As 60 members nested would be: the kernel takes one header off, and then the next. */
    private static final int HEADERS = 60;

    /** Kinds of the tags of a packet, the outermost first. */
    private static final List<String> TAGS =
            List.of("802.1q", "802.1ad", "802.1q 802.1q", "802.1ad 802.1q", "802.1q 802.1ad 802.1q");

    private static final byte[] TAGGED =
            Packets.in("10.99.0.66", "10.99.0.1", Packets.udp("10.42.2.9", "10.42.1.2", "tagged"));

    private final MatrixHosts hosts = new MatrixHosts("onlink-guard-");
    private final List<String> failed = new ArrayList<>();
    private int cases;

    private GuardOnIpip() {}

    public static void main(String[] args) throws Exception {
        GuardOnIpip story = new GuardOnIpip();
        story.hosts.make();
        // From here on this thread, and so the guard it opens, is on host a.
        Wire.enter(story.hosts.of("a"));
        try (TcGuard guard = TcGuard.open("tunl0")) {
            story.tell(guard);
        }
        System.out.printf(
                story.failed.isEmpty() ? "All %d cases held%n" : "%d cases, failed: " + story.failed + "%n",
                story.cases);
        System.exit(story.failed.isEmpty() ? 0 : 1);
    }

    private interface Body {
        Object run() throws Exception;
    }

    private void check(String what, Body body) {
        cases++;
        long start = System.nanoTime();
        try {
            Object seen = body.run();
            System.out.printf("ok      %s: %s (%d ms)%n", what, seen, (System.nanoTime() - start) / 1_000_000);
        } catch (Exception | AssertionError e) {
            failed.add(what);
            System.out.printf("NOT SO  %s: %s%n", what, e);
        }
    }

    private static GuardTable table(int more) {
        TreeSet<Pair> pairs =
                new TreeSet<>(Set.of(pair("10.99.0.2", "10.42.2.0/24"), pair("10.99.0.3", "10.42.3.0/24")));
        for (int i = 0; i < more; i++) {
            pairs.add(
                    pair("10.99." + (1 + i / 250) + "." + (1 + i % 250), "10.43." + (i % 250) + "." + i / 250 + "/32"));
        }
        return GuardTable.of(pairs, Set.of(OWN));
    }

    private static Pair pair(String outer, String inner) {
        return new Pair(Ipv4.parse(outer), Ipv4Prefix.parse(inner));
    }

    private void tell(TcGuard guard) throws Exception {
        for (String host : List.of("a", "b", "c")) {
            hosts.tunnel(host);
        }
        // What others have here, which must be there to the octet when the guard is gone.
        hosts.on("a", "tc qdisc add dev eth1 clsact");
        hosts.on("a", "tc filter add dev eth1 ingress protocol ip pref 10 u32 match ip dport 9 0xffff action drop");
        hosts.on("a", "tc filter add dev eth1 egress protocol ip pref 5 u32 match ip dport 9 0xffff action ok");
        hosts.on("a", "ip link add idle0 type veth peer name idle1");
        String before = control();

        check("without a guard 14 of 16 hostile packets are let in, and 4 of 4 others", () -> unguarded());
        check("without a guard 60 headers cost 60 decapsulations", () -> bomb(HEADERS, HEADERS));
        for (String tags : TAGS) {
            check("without a guard a stranger's packet with the priority tags " + tags + " is let in", () -> {
                hosts.forget();
                tag(tags);
                Wire.send(hosts.of("x"), "10.99.0.1", List.of(TAGGED));
                await().atMost(10, TimeUnit.SECONDS).until(() -> hosts.heard().contains("tagged"));
                return "let in";
            });
            untag();
        }
        check("the kernel has what it takes, and trying leaves nothing and drops nothing", () -> {
            Process ping = hosts.start("a", "ping -q -i 0.002 -c 500 127.0.0.1");
            int tries = 0;
            while (ping.isAlive()) {
                guard.probe();
                tries++;
            }
            assertThat(new String(ping.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains(" 0% packet loss");
            assertThat(control()).isEqualTo(before);
            return "clsact, u32, gact, tried " + tries + " times";
        });
        check("a guard is written and reads back", () -> {
            assertThat(guard.read()).isEqualTo(GuardReading.ABSENT);
            guard.apply(new GuardChange.Rewrite(table(0)));
            assertThat(guard.read()).isEqualTo(GuardReading.intact(table(0)));
            return hosts.on("a", "tc filter show dev eth0 ingress").lines().count() + " lines of tc filter show";
        });
        check(
                "with it 1 of 16 hostile packets is let in, and 4 of 4 others; each drop is counted by reason",
                () -> matrix(guard));
        check("60 headers cost one decapsulation at most", () -> bomb(HEADERS, 1));
        fragments(guard);
        repairs(guard);
        modules(guard);
        many(guard);
        check("taken away, all is as it was before", () -> {
            guard.remove();
            assertThat(control()).isEqualTo(before);
            assertThat(guard.read()).isEqualTo(GuardReading.ABSENT);
            guard.remove();
            return before.lines().count() + " lines of tc";
        });
    }

    /** All that {@code tc} shows of host a, counters left out. */
    private String control() {
        StringBuilder all = new StringBuilder(hosts.on("a", "tc qdisc show"));
        for (String device : List.of("eth0", "eth1", "mybr0", "port-w", "lo", "tunl0")) {
            all.append(hosts.on("a", "tc filter show dev " + device + " ingress"));
            all.append(hosts.on("a", "tc filter show dev " + device + " egress"));
        }
        return all.append(hosts.on("a", "tc actions list action gact")).toString();
    }

    private String unguarded() throws Exception {
        hosts.forget();
        Matrix.send(hosts, Matrix.cases());
        await().atMost(10, TimeUnit.SECONDS).until(() -> hosts.heard().containsAll(Matrix.letIn(false)));
        fence();
        assertThat(new TreeSet<>(hosts.heard())).isEqualTo(Matrix.letIn(false));
        return "let in " + (hosts.heard().size() - 4) + " of 16";
    }

    private String matrix(TcGuard guard) throws Exception {
        hosts.forget();
        Map<DropReason, Long> start = guard.counts(false).dropped();
        Matrix.send(hosts, Matrix.cases());
        await().atMost(10, TimeUnit.SECONDS).until(() -> hosts.heard().containsAll(Matrix.letIn(true)));
        fence();
        assertThat(new TreeSet<>(hosts.heard())).isEqualTo(Matrix.letIn(true));
        Map<DropReason, Long> counted = new EnumMap<>(DropReason.class);
        Map<DropReason, Long> expected = new EnumMap<>(DropReason.class);
        for (DropReason reason : DropReason.values()) {
            counted.put(reason, guard.counts(false).dropped().get(reason) - start.getOrDefault(reason, 0L));
            expected.put(reason, Matrix.dropped(reason));
        }
        assertThat(counted).isEqualTo(expected);
        return "let in the outer spoof alone; dropped " + counted;
    }

    /** What was sent before it has arrived, or never will: all goes by one queue. */
    private void fence() throws Exception {
        for (String to : List.of("10.42.1.1", "10.42.1.2")) {
            byte[] packet = Packets.in("10.99.0.2", "10.99.0.1", Packets.udp("10.42.2.9", to, "fence " + to));
            Wire.send(hosts.of("b"), "10.99.0.1", List.of(packet));
            await().atMost(10, TimeUnit.SECONDS).until(() -> hosts.heard().contains("fence " + to));
        }
        Set<String> heard = new TreeSet<>(hosts.heard());
        heard.removeIf(name -> name.startsWith("fence"));
        hosts.forget();
        hosts.heardAgain(heard);
    }

    /** Sends a packet in many headers and counts how many of them host a takes off. */
    private String bomb(int headers, int most) throws Exception {
        fence();
        long start = hosts.decapsulated("a");
        byte[] inner = Packets.udp("10.42.3.9", "10.42.1.2", "bomb");
        byte[] middle = Packets.nested(headers - 1, "10.42.3.9", "10.99.0.1", inner);
        Wire.send(hosts.of("c"), "10.99.0.1", List.of(Packets.in("10.99.0.3", "10.99.0.1", middle)));
        fence();
        // Those of the fence itself are two.
        long cost = hosts.decapsulated("a") - start - 2;
        assertThat(cost).isBetween(most == headers ? headers : 0L, (long) most);
        return cost + " decapsulations";
    }

    private void fragments(TcGuard guard) {
        byte[] ours = Packets.udp("10.42.3.9", "10.42.1.2", "fragments: the name of this text is long enough");
        check(
                "a first fragment too short to tell who sent it is dropped",
                () -> dropped(
                        guard,
                        DropReason.MALFORMED,
                        "c",
                        Packets.inFragments("10.99.0.3", "10.99.0.1", 8, ours).subList(0, 1)));
        check(
                "a later fragment of a stranger is dropped",
                () -> dropped(
                        guard,
                        DropReason.STRANGER,
                        "x",
                        List.of(Packets.laterFragment("10.99.0.66", "10.99.0.1", 32, ours))));
        check(
                "a first fragment with another's inner source is dropped",
                () -> dropped(
                        guard,
                        DropReason.SPOOFED,
                        "c",
                        Packets.inFragments(
                                "10.99.0.3",
                                "10.99.0.1",
                                32,
                                Packets.udp("10.42.2.9", "10.42.1.2", "spoofed fragments"))));
        for (String tags : TAGS) {
            check("a stranger's packet with the priority tags " + tags + " is dropped", () -> {
                tag(tags);
                DropReason reason = tags.contains(" ") ? DropReason.MALFORMED : DropReason.STRANGER;
                return dropped(guard, reason, "x", List.of(TAGGED));
            });
            untag();
        }
        check("a tagged packet that is no IPv4 is let in, whatever its tenth octet", () -> {
            tag("802.1q");
            hosts.on("a", "ip addr add 2a04::1/64 dev eth0 nodad");
            hosts.on("x", "ip addr add 2a04::66/64 dev tag0 nodad");
            hosts.on("x", "ip neigh add 2a04::1 lladdr " + address("a") + " dev tag0");
            hosts.on("a", "ip neigh add 2a04::66 lladdr " + address("x") + " dev eth0");
            return hosts.on("x", "ping -6 -q -c 3 -i 0.1 -W 2 2a04::1")
                    .lines()
                    .filter(line -> line.contains("loss"))
                    .findFirst()
                    .orElseThrow();
        });
        untag();
    }

    /** From now on the stranger sends to host a with tags of VLAN 0, which the kernel takes off by itself. */
    private void tag(String tags) {
        String address = address("a");
        String below = "eth0";
        int tag = 0;
        for (String protocol : tags.split(" ", -1)) {
            String name = "tag" + tag++;
            hosts.on("x", "ip link add link " + below + " name " + name + " type vlan proto " + protocol + " id 0");
            hosts.on("x", "ip link set " + name + " up");
            below = name;
        }
        hosts.on("x", "ip neigh add 10.99.0.1 lladdr " + address + " dev " + below);
        hosts.on("x", "ip route add 10.99.0.1/32 dev " + below + " src 10.99.0.66");
    }

    private String address(String host) {
        return hosts.on(host, "cat /sys/class/net/eth0/address").strip();
    }

    /** And now without. */
    private void untag() {
        hosts.on("x", "ip link del tag0");
    }

    /** Sends them, and sees some dropped for that reason and nothing arrive. */
    private String dropped(TcGuard guard, DropReason reason, String from, List<byte[]> packets) throws Exception {
        hosts.forget();
        long start = guard.counts(false).dropped().get(reason);
        Wire.send(hosts.of(from), "10.99.0.1", packets);
        await().atMost(10, TimeUnit.SECONDS)
                .until(() -> guard.counts(false).dropped().get(reason) > start);
        fence();
        assertThat(hosts.heard()).isEmpty();
        return reason.label();
    }

    private void repairs(TcGuard guard) {
        String pref4 = "tc filter add dev eth0 ingress protocol ip pref 4 u32 match ip protocol 4 0xff action ok";
        for (String command : List.of(
                "tc filter del dev eth0 ingress",
                "tc qdisc del dev eth0 clsact",
                "tc filter del dev tunl0 ingress",
                "tc qdisc del dev tunl0 clsact",
                "tc filter del dev eth0 ingress pref 4",
                "tc filter del dev eth1 ingress pref 7 protocol ip",
                pref4,
                "ip link add new0 type veth peer name new1",
                "ip link set new0 up",
                "ip link del new0")) {
            check("made whole after: " + command, () -> {
                hosts.on("a", command);
                GuardReading reading = guard.read();
                long start = System.nanoTime();
                guard.apply(GuardDiff.widen(reading, table(0)));
                long took = (System.nanoTime() - start) / 1_000_000;
                assertThat(guard.read()).isEqualTo(GuardReading.intact(table(0)));
                boolean fresh = command.startsWith("ip link");
                assertThat(reading.standing())
                        .isEqualTo(fresh ? GuardReading.Standing.INTACT : GuardReading.Standing.ALTERED);
                return reading.standing() + ", then whole in " + took + " ms";
            });
        }
        for (String command : List.of("tc filter del dev eth0 ingress", "tc qdisc del dev tunl0 clsact")) {
            check("told of it and whole within 2 s: " + command, () -> {
                CountDownLatch told = new CountDownLatch(1);
                try (Guard.Watch watch = guard.watch(told::countDown)) {
                    long start = System.nanoTime();
                    hosts.on("a", command);
                    assertThat(told.await(2, TimeUnit.SECONDS))
                            .as("%s tells", watch)
                            .isTrue();
                    guard.apply(GuardDiff.widen(guard.read(), table(0)));
                    long took = (System.nanoTime() - start) / 1_000_000;
                    assertThat(guard.read()).isEqualTo(GuardReading.intact(table(0)));
                    assertThat(took).isLessThan(2000);
                    return "whole " + took + " ms after the command was typed";
                }
            });
        }
        check("the guard made whole lets in as little as the first", () -> matrix(guard));
        check("another's filter in our place is named, and left alone", () -> {
            hosts.on("a", "ip link add other0 type veth peer name other1");
            hosts.on("a", "tc qdisc add dev other0 clsact");
            hosts.on("a", "tc filter add dev other0 ingress protocol ip pref 4 matchall action ok");
            hosts.on("a", "ip link set other0 up");
            try {
                guard.apply(new GuardChange.Rewrite(table(0)));
                throw new AssertionError("applied");
            } catch (io.onlink.route.KernelException e) {
                return e.text();
            } finally {
                hosts.on("a", "ip link del other0");
            }
        });
    }

    private void modules(TcGuard guard) {
        check("made whole after the ipip module was unloaded and loaded again", () -> {
            hosts.on("a", "modprobe -d /run/modules -r ipip");
            GuardReading gone = guard.read();
            guard.apply(GuardDiff.widen(gone, table(0)));
            assertThat(guard.read()).isEqualTo(GuardReading.intact(table(0)));
            hosts.on("a", "modprobe -d /run/modules ipip");
            GuardReading fresh = guard.read();
            guard.apply(GuardDiff.widen(fresh, table(0)));
            for (String host : List.of("a", "b", "c")) {
                hosts.tunnel(host);
            }
            assertThat(guard.read()).isEqualTo(GuardReading.intact(table(0)));
            return matrix(guard) + "; " + gone.standing() + " without tunl0, " + fresh.standing() + " when it was back";
        });
    }

    private void many(TcGuard guard) {
        check("300 peers come and go", () -> {
            long start = System.nanoTime();
            guard.apply(GuardDiff.widen(guard.read(), table(300)));
            long added = System.nanoTime();
            assertThat(guard.read()).isEqualTo(GuardReading.intact(table(300)));
            long read = System.nanoTime();
            String seen = matrix(guard);
            guard.apply(GuardDiff.narrow(guard.read().table(), table(0)));
            assertThat(guard.read()).isEqualTo(GuardReading.intact(table(0)));
            return "added in " + (added - start) / 1_000_000 + " ms, read in " + (read - added) / 1_000_000 + " ms, "
                    + seen;
        });
    }
}
