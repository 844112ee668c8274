package io.onlink.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A mesh of six: who comes, goes, moves, changes or dies costs no one else a route. */
@Timeout(240)
class SixNodesIT extends OnHosts {
    private static final int N = 6;

    /** A repair by event; by resync it would take up to 30 s. */
    private static final Duration BY_EVENT = Duration.ofSeconds(5);

    private final Process[] agents = new Process[N + 1];

    SixNodesIT() {
        super(N);
    }

    @BeforeEach
    void fiveAgents() throws IOException {
        for (int host = 1; host < N; host++) {
            agents[host] = net.agent(host);
        }
        net.awaitMesh(1, 2, 3, 4, 5);
    }

    @Test
    void aNodeJoinsAndLeaves() throws Exception {
        List<Process> monitors = monitors(1, 2, 3, 4, 5);
        agents[6] = net.agent(6);
        net.awaitMesh(1, 2, 3, 4, 5, 6);
        net.onlink(6, "leave");
        assertThat(agents[6].waitFor(20, TimeUnit.SECONDS)).isTrue();
        net.awaitMesh(1, 2, 3, 4, 5);
        for (int host = 1; host <= 5; host++) {
            assertThat(deletions(host)).containsExactly("Deleted 10.42.6.0/24");
        }
        stop(monitors);
    }

    @Test
    void aNodeThatChangesItsNodeIpIsFollowed() throws Exception {
        List<Process> monitors = monitors(1, 2, 3, 4);
        agents[5].destroy();
        assertThat(agents[5].waitFor(20, TimeUnit.SECONDS)).isTrue();
        net.ip(5, "addr add 172.31.7.55/24 dev eth0");
        net.agentAs(5, "172.31.7.55", "10.42.5.0/24");
        for (int host = 1; host <= 4; host++) {
            int here = host;
            net.awaitRoutes(
                    host,
                    net.routesTo(IntStream.rangeClosed(1, 4)
                                    .filter(h -> h != here)
                                    .toArray()) + "10.42.5.0/24 via 172.31.7.55 dev tunl0 onlink\n");
            // The new route is there before the old one goes.
            assertThat(deletions(host)).containsExactly("Deleted 10.42.5.0/24");
            assertThat(Files.readString(file(host)).lines().filter(line -> line.contains("10.42.5.0/24")))
                    .first()
                    .asString()
                    .startsWith("10.42.5.0/24 via 172.31.7.55");
        }
        net.awaitRoutes(5, net.routesTo(1, 2, 3, 4));
        stop(monitors);
    }

    @Test
    void aNodeThatChangesItsSubnetsOnRestartIsFollowedAndForgetsItsOldAddress() throws Exception {
        List<Process> monitors = monitors(1, 2, 3, 4);
        agents[5].destroyForcibly().waitFor();
        net.agentAs(5, "172.31.7.5", "10.42.50.0/24");
        for (int host = 1; host <= 4; host++) {
            int here = host;
            net.awaitRoutes(
                    host,
                    net.routesTo(IntStream.rangeClosed(1, 4)
                                    .filter(h -> h != here)
                                    .toArray()) + "10.42.50.0/24 via 172.31.7.5 dev tunl0 onlink\n");
            assertThat(deletions(host)).containsExactly("Deleted 10.42.5.0/24");
        }
        assertThat(net.routes(5)).isEqualTo(net.routesTo(1, 2, 3, 4));
        assertThat(net.ip(5, "-br -4 addr show dev tunl0"))
                .contains("10.42.50.0/32")
                .doesNotContain("10.42.5.0/32");
        stop(monitors);
    }

    @Test
    void aKilledAgentThatIsBackWithinTwoSecondsCostsNoRouteAnywhere() throws Exception {
        List<Process> monitors = monitors(1, 2, 3, 4, 5);
        List<String> before = tables();
        long killed = System.nanoTime();
        agents[5].destroyForcibly().waitFor();
        assertThat(net.ip(5, "route show")).isEqualTo(before.get(4));
        net.agent(5);
        assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(Duration.ofSeconds(2));
        await().atMost(Netns.SOON)
                .untilAsserted(() -> assertThat(net.onlink(5, "status"))
                        .contains("view    complete")
                        .contains("routes  4 of 4"));
        assertThat(tables()).isEqualTo(before);
        for (int host = 1; host <= 5; host++) {
            assertThat(deletions(host)).isEmpty();
        }
        stop(monitors);
    }

    @Test
    void driftOfEachKindIsRepairedByEvent() throws Exception {
        List<String> before = tables();
        for (String hand : List.of(
                "route del 10.42.2.0/24",
                "route flush proto 114",
                "route replace 10.42.2.0/24 via 172.31.7.9 dev tunl0 onlink proto 114",
                "route replace 10.42.2.0/24 dev eth0 proto 114",
                "route append 10.42.2.0/24 via 172.31.7.9 dev tunl0 onlink proto 114",
                "route add 10.42.2.0/24 via 172.31.7.9 dev tunl0 onlink proto 114 metric 5",
                "link set tunl0 down",
                "addr del 10.42.1.0/32 dev tunl0",
                "addr flush dev tunl0",
                "link set tunl0 mtu 1400")) {
            net.ip(1, hand);
            await().atMost(BY_EVENT)
                    .pollInterval(20, TimeUnit.MILLISECONDS)
                    .untilAsserted(() -> assertThat(net.ip(1, "route show"))
                            .as("after ip %s the agent says:%n%s", hand, net.log(1))
                            .isEqualTo(before.get(0)));
        }
        assertThat(net.ip(1, "-4 -o addr show dev tunl0")).contains("10.42.1.0/32");
        await().atMost(BY_EVENT)
                .untilAsserted(() -> assertThat(net.ip(1, "link show tunl0")).contains("mtu 1480"));

        net.ip(1, "link del tunl0");
        net.ip(1, "link add tunl0 type veth peer name tunl0-far");
        net.ip(1, "link set tunl0-far up");
        await().atMost(BY_EVENT)
                .untilAsserted(() -> assertThat(net.ip(1, "route show"))
                        .as("after the device went and came the agent says:%n%s", net.log(1))
                        .isEqualTo(before.get(0)));
    }

    private List<String> tables() {
        return IntStream.rangeClosed(1, 5)
                .mapToObj(host -> net.ip(host, "route show"))
                .toList();
    }

    private List<Process> monitors(int... hosts) throws IOException {
        List<Process> monitors = new ArrayList<>();
        for (int host : hosts) {
            monitors.add(new ProcessBuilder("ip", "netns", "exec", net.ns(host), "ip", "monitor", "route")
                    .redirectOutput(file(host).toFile())
                    .start());
        }
        return monitors;
    }

    private Path file(int host) {
        return work.resolve("monitor" + host);
    }

    /** What routes of ours the monitor saw deleted; a route made and taken by hand marks the end. */
    private List<String> deletions(int host) {
        await().atMost(Netns.SOON).until(() -> {
            net.ip(host, "route add 192.0.2.0/24 dev eth0");
            net.ip(host, "route del 192.0.2.0/24 dev eth0");
            return Files.readString(file(host)).contains("Deleted 192.0.2.0/24");
        });
        try {
            return Files.readString(file(host))
                    .lines()
                    .filter(line -> line.startsWith("Deleted 10.42."))
                    .map(line -> line.substring(0, line.indexOf(" via")))
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void stop(List<Process> monitors) throws InterruptedException {
        for (Process monitor : monitors) {
            monitor.destroyForcibly().waitFor();
        }
    }
}
