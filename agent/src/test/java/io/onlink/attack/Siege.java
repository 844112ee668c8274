package io.onlink.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.onlink.lab.Netns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Agents on hosts 1 and 2 that have met, an attacker on host 3, and what is watched. A host 4 has room. */
final class Siege implements AutoCloseable {
    static final int ATTACKER = 3;
    static final int LATE = 4;
    static final Duration SOON = Duration.ofSeconds(20);

    final Netns net;
    final Wiretap tap;
    final Process[] agents = new Process[LATE + 1];
    private final Path work;
    private final List<Process> monitors = new ArrayList<>();

    Siege(Path work) throws IOException {
        this.work = work;
        this.net = new Netns("oa" + ProcessHandle.current().pid() % 100_000, LATE, work);
        this.tap = new Wiretap(net.ns(1).replace("-h1", "-u"));
        try {
            meet();
        } catch (IOException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private void meet() throws IOException {
        agents[1] = start(1);
        agents[2] = start(2);
        net.awaitRoutes(1, net.routesTo(2));
        net.awaitRoutes(2, net.routesTo(1));
        await().atMost(SOON)
                .until(() -> !messages(2, 1).isEmpty() && !messages(1, 2).isEmpty());
    }

    /** Starts the agent of a host. Only hosts 1 and 2 are seeds: nobody asks for the attacker. */
    Process start(int host) throws IOException {
        return net.start(
                host,
                net.agentCommand(
                        host,
                        "--node-ip=172.31.7." + host,
                        "--subnet=10.42." + host + ".0/24",
                        "--nexthops=never",
                        "--seed=172.31.7.1:5114,172.31.7.2:5114"));
    }

    /** Begins to watch the routes of hosts 1 and 2. */
    void watch() throws IOException {
        for (int host = 1; host <= 2; host++) {
            int here = host;
            monitors.add(new ProcessBuilder("ip", "-4", "-n", net.ns(host), "monitor", "route")
                    .redirectOutput(monitor(host).toFile())
                    .start());
            awaitMark(here, "192.0.2.0/24");
        }
    }

    /** A route made and taken by hand shows that the monitor listens, and has told all that was before. */
    private void awaitMark(int host, String mark) {
        await().atMost(SOON).until(() -> {
            net.ip(host, "route add " + mark + " dev eth0");
            net.ip(host, "route del " + mark + " dev eth0");
            return Files.readString(monitor(host)).contains("Deleted " + mark);
        });
    }

    private Path monitor(int host) {
        return work.resolve("monitor" + host);
    }

    /** Asserts that since {@link #watch} nothing has happened to routes, members or agents. */
    void assertUnmoved() throws IOException {
        assertRoutesUnmoved();
        for (int host = 1; host <= 2; host++) {
            assertThat(metric(host, "onlink_members{state=\"alive\"}")).isEqualTo(1);
            assertThat(metric(host, "onlink_members{state=\"held\"}")).isZero();
            assertThat(metric(host, "onlink_members{state=\"left\"}")).isZero();
        }
    }

    /** Asserts that since {@link #watch} no route has changed, and both agents are well. */
    void assertRoutesUnmoved() throws IOException {
        for (int host = 1; host <= 2; host++) {
            awaitMark(host, "198.51.100.0/24");
            assertThat(Files.readString(monitor(host)).lines().filter(line -> !line.contains(" dev eth0 ")))
                    .as(() -> "route changes; the agent says:\n" + net.log(1))
                    .isEmpty();
            assertThat(net.routes(host)).isEqualTo(net.routesTo(3 - host));
            assertThat(agents[host].isAlive()).isTrue();
            assertThat(net.log(host)).doesNotContain("fault of this agent").doesNotContain("membership failed");
        }
    }

    /** The value of a series of a host's metrics. */
    long metric(int host, String series) {
        return net.metrics(host)
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no series " + series));
    }

    long received() {
        return metric(1, "onlink_gossip_datagrams_total{direction=\"receive\"}");
    }

    /** Packets and connections that host 1 has refused, for one of the reasons. */
    long refused(String... reasons) {
        return Arrays.stream(reasons)
                .mapToLong(reason -> metric(1, "onlink_gossip_rejected_total{reason=\"" + reason + "\"}"))
                .sum();
    }

    /** Datagrams of sessions from one host to another that were heard on the wire. */
    List<Wiretap.Heard> messages(int from, int to) {
        return tap.between(from, to).stream().filter(one -> one.type() == 3).toList();
    }

    /** KiB that the gossip thread of host 1's agent has allocated so far, as its JVM says. */
    long allocatedKib() {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        String threads = Netns.run(jcmd, Long.toString(agents[1].pid()), "Thread.print", "-e");
        Matcher found = Pattern.compile("\"onlink-gossip[^\n]* allocated=([0-9]+)([BKM])")
                .matcher(threads);
        assertThat(found.find()).as(threads).isTrue();
        long number = Long.parseLong(found.group(1));
        return switch (found.group(2)) {
            case "B" -> number / 1024;
            case "K" -> number;
            default -> number * 1024;
        };
    }

    /** KiB of memory that host 1's agent occupies. */
    long residentKib() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + agents[1].pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .sum();
    }

    /** Does it on the attacker's host. */
    <T> T attack(Callable<T> body) throws Exception {
        return Inside.the(net.ns(ATTACKER), body);
    }

    @Override
    public void close() {
        for (Process monitor : monitors) {
            monitor.destroyForcibly().onExit().join();
        }
        tap.close();
        net.close();
    }
}
