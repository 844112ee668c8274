package io.onlink.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Faults that an operator meets; each test is a row of FAULTS.md. */
class FaultsIT extends OnHosts {
    FaultsIT() {
        super(3);
    }

    private static void signal(Process process, String name) {
        Netns.run("kill", "-" + name, Long.toString(process.pid()));
    }

    private void awaitFile(int host, String name) {
        await().atMost(Netns.SOON).until(() -> Files.exists(net.dir(host).resolve(name)));
    }

    /** A reboot as far as a namespace has one: nothing of the agent's is left in the kernel. */
    private void reboot(int host) {
        net.ip(host, "link del tunl0");
        net.ip(host, "link add tunl0 type veth peer name tunl0-far");
        net.ip(host, "link set tunl0-far up");
        assertThat(net.routes(host)).isEmpty();
    }

    @Test
    void aHostThatComesUpWhileAllSeedsAreDownHasItsRoutesAndFindsItsPeers() throws Exception {
        Process seed = net.start(1, net.agentCommand(1, flags(1, "--seed", "172.31.7.1")));
        net.start(2, net.agentCommand(2, flags(2, "--seed", "172.31.7.1")));
        Process last = net.start(3, net.agentCommand(3, flags(3, "--seed", "172.31.7.1")));
        net.awaitMesh(1, 2, 3);
        awaitFile(3, "view");
        seed.destroyForcibly().waitFor();
        last.destroyForcibly().waitFor();
        reboot(3);
        Process second = net.start(3, net.agentCommand(3, flags(3, "--seed", "172.31.7.1")));
        net.awaitLog(3, "2 peers of the last run are routed to until the mesh is heard of");
        net.awaitRoutes(3, net.routesTo(1, 2));
        await().atMost(Netns.SOON).until(() -> net.onlink(3, "status").contains("view    complete"));
        assertThat(net.routes(2)).isEqualTo(net.routesTo(1, 3));

        second.destroyForcibly().waitFor();
        net.cable(3, false);
        reboot(3);
        net.start(3, net.agentCommand(3, flags(3, "--seed", "172.31.7.1")));
        net.awaitRoutes(3, net.routesTo(1, 2));
        assertThat(net.onlink(3, "status"))
                .contains("memory  the routes of 2 peers are those of the last run; nobody has confirmed them yet");
        assertThat(net.metrics(3)).contains("onlink_members_remembered 2.0\n");
    }

    private static String[] flags(int host, String... more) {
        List<String> flags = new java.util.ArrayList<>(
                List.of("--node-ip", "172.31.7." + host, "--subnet", "10.42." + host + ".0/24", "--nexthops", "never"));
        flags.addAll(List.of(more));
        return flags.toArray(String[]::new);
    }

    @Test
    void anAgentThatIsStoppedAndGoesOnCostsNoRoute() throws Exception {
        Process[] agents = net.mesh(1, 2, 3);
        try (RouteWatch watch = new RouteWatch(net, 3)) {
            signal(agents[2], "STOP");
            net.awaitLog(1, "gossip has lost h3; its host answers, its routes stay for now");
            net.awaitLog(2, "gossip has lost h3; its host answers, its routes stay for now");
            signal(agents[2], "CONT");
            await().atMost(Netns.SOON).until(() -> net.metrics(1).contains("onlink_members{state=\"alive\"} 2.0\n"));
            await().atMost(Netns.SOON).until(() -> net.metrics(3).contains("onlink_members{state=\"alive\"} 2.0\n"));
            assertThat(net.log(3)).doesNotContain("gossip has lost");
            assertThat(watch.changes()).isEmpty();
        }
    }

    @Test
    void packetsLostInOneDirectionCostNoRoute() throws Exception {
        net.mesh(1, 2, 3);
        try (RouteWatch watch = new RouteWatch(net, 3)) {
            // What host 1 sends to host 2 goes to nobody; all else arrives.
            net.ip(1, "neigh replace 172.31.7.2 lladdr 02:00:00:00:00:99 dev eth0 nud permanent");
            await().atMost(Netns.SOON)
                    .during(Duration.ofSeconds(8))
                    .untilAsserted(() -> assertThat(net.routes(1) + net.routes(2))
                            .isEqualTo(net.routesTo(2, 3) + net.routesTo(1, 3)));
            net.ip(1, "neigh del 172.31.7.2 dev eth0");
            await().atMost(Netns.SOON).until(() -> net.metrics(1).contains("onlink_members{state=\"alive\"} 2.0\n"));
            assertThat(watch.changes()).isEmpty();
        }
    }

    @Test
    void aStormOfNotificationsEndsInAWholePass() throws Exception {
        Process[] agents = net.mesh(1, 2, 3);
        signal(agents[0], "STOP");
        Path batch = work.resolve("batch");
        String routes = IntStream.range(0, 40_000)
                .mapToObj(i -> "route add 100.64." + i / 256 + "." + i % 256 + "/32 dev eth0 proto static\n")
                .collect(Collectors.joining());
        Files.writeString(batch, routes + "route del 10.42.2.0/24\n");
        net.ip(1, "-batch " + batch);
        signal(agents[0], "CONT");
        net.awaitRoutes(1, net.routesTo(2, 3));
        assertThat(net.metrics(1)).containsPattern("onlink_netlink_overruns_total [1-9]");
    }

    @Test
    void aFullDiskCostsTheMemoryAndNoRoute() throws Exception {
        Path state = Files.createDirectories(work.resolve("state"));
        Netns.run("mount", "-t", "tmpfs", "-o", "size=4k,nr_inodes=2", "tmpfs", state.toString());
        try {
            Files.write(state.resolve("full"), new byte[4096]);
            net.agent(2);
            Process agent = net.start(1, keepingStateIn(state));
            net.awaitRoutes(1, net.routesTo(2));
            net.awaitLog(1, "cannot write " + state + "/generation");
            net.awaitLog(1, "cannot write " + state + "/view");
            assertThat(net.metrics(1)).containsPattern("onlink_state_write_errors_total [1-9]");
            agent.destroyForcibly().waitFor();
        } finally {
            Netns.run("umount", "-l", state.toString());
        }
        for (String name : List.of("view", "generation", "seniority", "before")) {
            Files.write(state.resolve(name), new byte[] {0, 0, 0, 'x', (byte) 0xff});
        }
        net.start(1, keepingStateIn(state));
        net.awaitLog(1, "/view is ignored, the mesh is learnt from its seeds alone");
        await().atMost(Netns.SOON).until(() -> net.onlink(1, "status").contains("view    complete"));
        net.awaitRoutes(1, net.routesTo(2));
    }

    /** The command of host 1's agent with another state directory. */
    private String[] keepingStateIn(Path state) {
        String own = "--state-dir " + net.dir(1);
        String command = String.join(" ", net.agentCommand(1, flags(1, "--seed", "172.31.7.2")));
        return command.replace(own, "--state-dir " + state).split(" ", -1);
    }

    @Test
    void anAgentWithFewDescriptorsKeepsItsRoutesAndServesAgainWhenTheyAreFree() throws Exception {
        net.agent(2);
        String limited =
                "ulimit -n 100; exec " + String.join(" ", net.agentCommand(1, flags(1, "--seed", "172.31.7.2")));
        net.start(1, "bash", "-c", limited);
        net.awaitRoutes(1, net.routesTo(2));
        String open =
                "for i in $(seq 100); do exec {fd}<>/dev/tcp/127.0.0.1/5115 || break; done; echo open; sleep 3600";
        Process hog = net.start(1, "bash", "-c", open);
        net.awaitLog(1, "open");
        net.ip(1, "route del 10.42.2.0/24");
        net.awaitRoutes(1, net.routesTo(2));
        assertThat(net.routes(2)).isEqualTo(net.routesTo(1));
        hog.destroyForcibly().waitFor();
        await().atMost(Netns.SOON)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(net.metrics(1)).contains("onlink_tunnel_up 1.0\n"));
    }

    @Test
    void anAgentThatRunsOutOfMemoryEndsAndCostsNoRoute() throws Exception {
        Process[] agents = net.mesh(1, 2, 3);
        agents[2].destroyForcibly().waitFor();
        try (RouteWatch watch = new RouteWatch(net, 3)) {
            net.environment("ONLINK_JAVA_OPTS", "-Xms3m -Xmx3m");
            Process starved = net.agent(3);
            assertThat(starved.waitFor(Netns.SOON.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            assertThat(starved.exitValue()).isEqualTo(3);

            net.environment("ONLINK_JAVA_OPTS", "");
            net.agent(3);
            await().atMost(Netns.SOON)
                    .untilAsserted(() -> assertThat(net.onlink(3, "status"))
                            .contains("view    complete")
                            .contains("routes  2 of 2"));
            assertThat(watch.changes()).isEmpty();
        }
    }

    @Test
    void anAgentWhoseNodeIpHasChangedEndsToBeStartedAnew() throws Exception {
        net.agent(2);
        String[] found = {"--subnet", "10.42.1.0/24", "--seed", "172.31.7.2", "--nexthops", "never"};
        Process agent = net.start(1, net.agentCommand(1, found));
        net.awaitRoutes(2, net.routesTo(1));
        net.ip(1, "addr add 172.31.7.77/24 dev eth0");
        net.ip(1, "addr del 172.31.7.1/24 dev eth0");
        net.ip(1, "addr replace 172.31.7.77/24 dev eth0");
        assertThat(agent.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(agent.exitValue()).isEqualTo(69);
        assertThat(net.log(1)).contains("the node IP 172.31.7.1 has become 172.31.7.77: this agent ends");
        net.start(1, net.agentCommand(1, found));
        net.awaitRoutes(2, "10.42.1.0/24 via 172.31.7.77 dev tunl0 onlink\n");
    }

    @Test
    void anAgentWhoseNodeIpHasChangedKnowsItThoughNoNameResolvesAnyMore() throws Exception {
        net.agent(2);
        Path names = Files.writeString(work.resolve("hosts"), "172.31.7.2 seed.test\n");
        Path resolver = Files.writeString(work.resolve("resolv.conf"), "nameserver 172.31.7.200\n");
        net.environment("ONLINK_JAVA_OPTS", "-Dsun.net.inetaddr.ttl=0");
        String[] found = {"--subnet", "10.42.1.0/24", "--seed", "seed.test", "--nexthops", "never"};
        String inside = "mount --bind " + names + " /etc/hosts; mount --bind " + resolver + " /etc/resolv.conf; exec "
                + String.join(" ", net.agentCommand(1, found));
        Process agent = net.start(1, "unshare", "-m", "bash", "-c", inside);
        net.awaitRoutes(2, net.routesTo(1));
        Files.writeString(names, "");
        net.ip(1, "addr add 172.31.7.77/24 dev eth0");
        net.ip(1, "addr del 172.31.7.1/24 dev eth0");
        net.ip(1, "addr replace 172.31.7.77/24 dev eth0");
        assertThat(agent.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(agent.exitValue()).isEqualTo(69);
        assertThat(net.log(1)).contains("the node IP 172.31.7.1 has become 172.31.7.77: this agent ends");
    }

    @Test
    void anAgentThatIsStoppedAtOnceHasWrittenItsViewBeforeItEnds() throws Exception {
        net.agent(2);
        Process agent = net.start(1, net.agentCommand(1, flags(1, "--seed", "172.31.7.2")));
        net.awaitRoutes(1, net.routesTo(2));
        await().atMost(Netns.SOON).until(() -> net.onlink(1, "status").contains("view    complete"));
        agent.destroy();
        assertThat(agent.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(agent.exitValue()).isEqualTo(143);
        assertThat(net.dir(1).resolve("view")).exists();
    }

    @Test
    void aResolverThatNeverAnswersCostsNothingWhereSeedsAreAddresses() throws Exception {
        // Nobody has this address, and nothing but a look-up would send to it.
        Path resolver = Files.writeString(work.resolve("resolv.conf"), "nameserver 172.31.7.200\n");
        for (int host = 1; host <= 3; host++) {
            String seeds = "172.31.7.1,172.31.7.2,172.31.7.3";
            String inside = "mount --bind " + resolver + " /etc/resolv.conf; exec "
                    + String.join(" ", net.agentCommand(host, flags(host, "--seed", seeds)));
            net.start(host, "unshare", "-m", "bash", "-c", inside);
        }
        net.awaitMesh(1, 2, 3);
        for (int host = 1; host <= 3; host++) {
            assertThat(net.ip(host, "neigh show 172.31.7.200"))
                    .as("asked for a name")
                    .isEmpty();
        }
    }

    @Test
    void anUnderlayAddressThatGoesAndComesBackCostsNoRoute() throws Exception {
        net.mesh(1, 2, 3);
        try (RouteWatch watch = new RouteWatch(net, 3)) {
            net.ip(1, "addr del 172.31.7.1/24 dev eth0");
            net.ip(1, "addr add 172.31.7.1/24 dev eth0");
            await().atMost(Netns.SOON)
                    .during(Duration.ofSeconds(6))
                    .untilAsserted(() -> assertThat(net.routes(1)).isEqualTo(net.routesTo(2, 3)));
            // Those of the address itself the kernel takes away and makes anew.
            assertThat(watch.changes()).noneMatch(line -> line.contains("10.42."));
        }
    }

    @Test
    void aHostWhosePacketsBearAnotherSourceThanItsNodeIpSaysSo() throws Exception {
        net.agent(2);
        net.ip(1, "addr add 172.31.7.101/24 dev eth0");
        net.agentAs(1, "172.31.7.101", "10.42.1.0/24");
        String said =
                "what tunl0 sends to the peer at 172.31.7.2 leaves with the source 172.31.7.1 and not with the node"
                        + " IP: the peer's packet guard drops it";
        await().atMost(Netns.SOON)
                .untilAsserted(() -> assertThat(net.onlink(1, "status")).contains("host    " + said));
        assertThat(net.metrics(1)).contains("onlink_host_obstacles{kind=\"source\"} 1.0\n");
        net.ip(1, "route replace 172.31.7.0/24 dev eth0 proto kernel scope link src 172.31.7.101");
        net.ip(1, "link set tunl0 mtu 1400");
        await().atMost(Netns.SOON)
                .untilAsserted(() -> assertThat(net.onlink(1, "status")).doesNotContain("what tunl0 sends"));
    }
}
