package io.onlink.grafana;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.onlink.grafana.Board.Panel;
import io.onlink.lab.Ipip;
import io.onlink.lab.Netns;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Six agents and a Prometheus in namespaces. A host joins and leaves, a route drifts, a path breaks, a host is cut off and
 * comes back, an agent dies: each of these fires its alert and no other, and every expression of the dashboards has an
 * answer.
 *
 * <p>The hosts' tunnels are plugged into a bridge of their own, which carries what protocol 4 would.
 */
@Tag("netns")
@Timeout(240)
class LiveMeshIT {
    private static final int AGENTS = 6;
    private static final int WATCHER = AGENTS + 1;
    private static final Duration SOON = Duration.ofSeconds(60);

    /** A mesh of six has 30 pairs, and a panel a few series for each. */
    private static final int MOST_SERIES = 100;

    private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.*), (\\w+)\\)");

    @TempDir
    private Path work;

    private final String tag = "om" + ProcessHandle.current().pid() % 100_000;
    private final Process[] agents = new Process[AGENTS + 1];
    private Netns net;
    private Prometheus prometheus;
    private Ipip ipip;

    @BeforeEach
    void fiveAgentsAndAPrometheus() throws IOException {
        net = new Netns(tag, WATCHER, work);
        plugTunnels();
        for (int host = 1; host < AGENTS; host++) {
            start(host);
        }
        ipip = new Ipip(net);
        prometheus = new Prometheus(net, WATCHER);
        await().atMost(SOON).until(prometheus::ready);
        scrape(1, 2, 3, 4, 5);
    }

    @AfterEach
    void removeHosts() {
        ipip.close();
        net.close();
    }

    /** What a host sends into its tunnel reaches the host whose node IP is the route's gateway. */
    private void plugTunnels() {
        String underlay = tag + "-u";
        Netns.run("ip", "-n", underlay, "link", "add", "br1", "type", "bridge");
        Netns.run("ip", "-n", underlay, "link", "set", "br1", "up");
        for (int host = 1; host <= AGENTS; host++) {
            net.ip(host, "link set tunl0-far netns " + underlay + " name t" + host);
            Netns.run("ip", "-n", underlay, "link", "set", "t" + host, "master", "br1", "up");
        }
    }

    private void start(int host) throws IOException {
        agents[host] = net.agent(host, "--http", Prometheus.address(host));
    }

    /** From now on these are scraped; an agent that has not come up yet would be one that is down. */
    private void scrape(int... hosts) throws IOException {
        for (int host : hosts) {
            String page = "http://" + Prometheus.address(host) + "/livez";
            await().atMost(SOON)
                    .pollInterval(Duration.ofMillis(200))
                    .untilAsserted(() -> Netns.run("ip", "netns", "exec", net.ns(WATCHER), "curl", "-sSf", page));
        }
        prometheus.scrape(hosts);
    }

    private void awaitWhole(int nodes) {
        awaitNumber("sum(onlink_members{state=\"alive\"})", nodes * (nodes - 1));
        awaitNumber("sum(onlink_routes_installed)", nodes * (nodes - 1));
        awaitNumber("count(count by (hash) (onlink_membership_view_info))", 1);
    }

    private void awaitNumber(String expression, int expected) {
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(prometheus.number(expression))
                        .as(() -> expression + ", where Prometheus says:\n" + net.log(WATCHER))
                        .isEqualTo(expected));
    }

    /** Waits until this is among what fires. */
    private void awaitFiring(String alert) {
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(300))
                .untilAsserted(() -> assertThat(prometheus.firing()).contains(alert));
    }

    private void assertFiredSoFar(String... alerts) {
        assertThat(prometheus.fired()).containsExactlyInAnyOrder(alerts);
    }

    @Test
    void eachFaultFiresItsAlertAndNoOtherAndEveryPanelHasAnAnswer() throws Exception {
        awaitWhole(5);
        traffic();
        theScrapeIsCleanInTheEyesOfPromtool();
        theRunbooksReachAnAgentThatListensElsewhere();

        // A host joins, and leaves as it should: nothing to wake anybody for.
        start(6);
        scrape(1, 2, 3, 4, 5, 6);
        awaitWhole(6);
        net.onlink(6, "leave");
        assertThat(agents[6].waitFor(20, TimeUnit.SECONDS)).isTrue();
        prometheus.scrape(1, 2, 3, 4, 5);
        awaitWhole(5);
        assertFiredSoFar();

        // Somebody deletes routes of ours, again and again.
        for (int other : new int[] {2, 3, 4, 5, 2}) {
            net.ip(1, "route del 10.42." + other + ".0/24");
            net.awaitRoutes(1, net.routesTo(2, 3, 4, 5));
        }
        awaitFiring("OnlinkRouteDrift h1");
        assertFiredSoFar("OnlinkRouteDrift h1");

        // Somebody's own route is in our way.
        net.ip(2, "route replace 10.42.3.0/24 dev eth0 proto static");
        awaitFiring("OnlinkRouteConflict h2");
        net.ip(2, "route del 10.42.3.0/24 dev eth0 proto static");
        net.awaitRoutes(2, net.routesTo(1, 3, 4, 5));
        assertFiredSoFar("OnlinkRouteConflict h2", "OnlinkRouteDrift h1");

        // Protocol 4 is dropped on one path, both ways; gossip beside it passes.
        awaitNumber("sum(onlink_peer_verdict{verdict=\"ok\"})", 20);
        dropTunnelled(3, 4);
        dropTunnelled(4, 3);
        awaitFiring("OnlinkPathProtocol4Dropped h3 h4");
        awaitFiring("OnlinkPathProtocol4Dropped h4 h3");
        passAll(3);
        passAll(4);
        awaitNumber("sum(onlink_peer_verdict{verdict=\"ok\"})", 20);
        assertFiredSoFar(
                "OnlinkPathProtocol4Dropped h3 h4",
                "OnlinkPathProtocol4Dropped h4 h3",
                "OnlinkRouteConflict h2",
                "OnlinkRouteDrift h1");

        // And in one direction alone, which stays so.
        dropTunnelled(2, 1);
        awaitFiring("OnlinkPathOneWay h1 h2");
        awaitFiring("OnlinkPathOneWay h2 h1");

        aHostIsCutOffAndComesBack();

        // An agent dies; its host lives.
        agents[5].destroyForcibly().waitFor();
        awaitFiring("OnlinkAgentDown h5");
        assertFiredSoFar(
                "OnlinkAgentDown h5",
                "OnlinkPathOneWay h1 h2",
                "OnlinkPathOneWay h2 h1",
                "OnlinkPathProtocol4Dropped h3 h4",
                "OnlinkPathProtocol4Dropped h4 h3",
                "OnlinkRouteConflict h2",
                "OnlinkRouteDrift h1");

        assertThat(prometheus.sickRules()).isEmpty();
        everyVariableHasValues();
        everyExpressionHasAnAnswer();
    }

    /**
     * The cable of h5 is pulled. That host keeps all its routes and knows that it is cut off, which nobody can scrape; the
     * others take theirs to it away, and only the alert for it fires.
     */
    private void aHostIsCutOffAndComesBack() throws IOException {
        Set<String> before = prometheus.fired();
        cable(5, false);
        awaitFiring("OnlinkAgentDown h5");
        for (int host = 1; host <= 4; host++) {
            int self = host;
            net.awaitRoutes(
                    host,
                    net.routesTo(
                            IntStream.rangeClosed(1, 4).filter(h -> h != self).toArray()));
        }
        awaitGuarded(5, 4);
        assertThat(net.routes(5)).isEqualTo(net.routesTo(1, 2, 3, 4));
        before.add("OnlinkAgentDown h5");
        assertThat(prometheus.fired()).isEqualTo(before);

        // A minute of the rules is two seconds here, less than the mesh takes to find together.
        prometheus.scrape(1, 2, 3, 4);
        cable(5, true);
        awaitGuarded(5, 0);
        net.awaitRoutes(1, net.routesTo(2, 3, 4, 5));
        scrape(1, 2, 3, 4, 5);
        awaitWhole(5);
        awaitNumber("sum(onlink_peer_verdict{verdict=\"ok\"})", 18);
        assertThat(prometheus.fired()).isEqualTo(before);
        assertThat(prometheus.firing()).containsExactly("OnlinkPathOneWay h1 h2", "OnlinkPathOneWay h2 h1");
    }

    /** Takes a host's eth0 its carrier, or gives it back; what passes the tunnel goes the same way, and a tunnel stays up. */
    private void cable(int host, boolean plugged) {
        String underlay = tag + "-u";
        if (plugged) {
            Netns.run("ip", "-n", underlay, "link", "set", "t" + host, "master", "br1");
        } else {
            Netns.run("ip", "-n", underlay, "link", "set", "t" + host, "nomaster");
        }
        Netns.run("ip", "-n", underlay, "link", "set", "p" + host, plugged ? "up" : "down");
    }

    /** Waits until that host keeps so many lost peers, as its socket says. */
    private void awaitGuarded(int host, int peers) {
        String socket = net.dir(host).resolve("onlink.sock").toString();
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(
                        () -> assertThat(Netns.run("curl", "-sS", "--unix-socket", socket, "http://agent/metrics"))
                                .containsPattern("(?m)^onlink_members_guarded " + peers + "(\\.0)?$"));
    }

    /** The host takes nothing any more of what the peer sends through the tunnel. */
    private void dropTunnelled(int host, int peer) {
        nft(host, "add table ip fault");
        nft(host, "add chain ip fault in { type filter hook prerouting priority -400; }");
        nft(host, "add rule ip fault in iifname tunl0 ip saddr 10.42." + peer + ".0/24 drop");
    }

    private void passAll(int host) {
        nft(host, "delete table ip fault");
    }

    private void nft(int host, String command) {
        Netns.run("ip", "netns", "exec", net.ns(host), "nft", command);
    }

    /**
     * Something to be seen: in the tunnels a stream of pings from each host to the next one, and beside them IPIP for the
     * guard to count by peer.
     */
    private void traffic() throws IOException {
        for (int host = 1; host <= 4; host++) {
            String interval = "0.0" + 2 * host;
            net.start(host, "ping", "-q", "-i", interval, "-s", "1000", "10.42." + (host % 4 + 1) + ".0");
            ipip.stream(host, host % 4 + 1, 5 * host, 1000);
            ipip.stream(host, (host + 1) % 4 + 1, host, 200);
        }
        awaitNumber("count(rate(onlink_peer_receive_packets_total[5s]) > 0)", 8);
        awaitNumber("count(rate(onlink_peer_transmit_packets_total[5s]) > 0)", 8);
        awaitNumber("sum(onlink_guard_dropped_packets_total)", 0);
    }

    private void theScrapeIsCleanInTheEyesOfPromtool() {
        String scrape = Netns.run(
                "ip", "netns", "exec", net.ns(WATCHER), "curl", "-sS", "http://" + Prometheus.address(1) + "/metrics");
        assertThat(scrape).contains("onlink_build_info{").contains("process_cpu_seconds_total ");
        assertThat(Tool.promtool(work, scrape, "check", "metrics")).isEmpty();
    }

    /** The agents here listen on their node IPs alone, as for a Prometheus that is not on their hosts. */
    private void theRunbooksReachAnAgentThatListensElsewhere() {
        Set<String> asked = AlertRulesTest.runbooks().stream()
                .flatMap(runbook -> AlertRulesTest.commands(runbook).stream())
                .filter(command -> command.startsWith("curl ") && !command.contains("PROMETHEUS"))
                .map(command -> command.replaceFirst(" \\| .*", "").replace("/run/onlink", "" + net.dir(1)))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(asked).hasSizeGreaterThan(1).allSatisfy(command -> {
            String onHost = "ip netns exec " + net.ns(1) + " " + command.replace("curl ", "curl -f ");
            assertThat(Netns.run(onHost.split(" ", -1))).containsPattern("^alive|onlink_build_info");
        });
    }

    private void everyVariableHasValues() {
        for (Board board : Board.all()) {
            for (Yaml variable : board.variables()) {
                Matcher values = LABEL_VALUES.matcher(variable.text("definition"));
                if (values.matches()) {
                    String match = Board.substituted(values.group(1), Prometheus.RATE_INTERVAL);
                    assertThat(prometheus.labelValues(values.group(2), match))
                            .as("%s of %s", variable.text("name"), board)
                            .isNotEmpty();
                }
            }
        }
    }

    /** A panel may be empty only if it says what that means. */
    private void everyExpressionHasAnAnswer() {
        Set<String> empty = new TreeSet<>();
        int lived = (int) prometheus.number("time() - min(process_start_time_seconds)");
        for (Panel panel : Board.allPanels().toList()) {
            boolean mayBeEmpty =
                    !panel.json().text("fieldConfig", "defaults", "noValue").isEmpty();
            for (Yaml target : panel.targets()) {
                String expression = Board.substituted(target.text("expr"), Prometheus.RATE_INTERVAL);
                List<Yaml> series = target.at("instant").value() == Boolean.TRUE
                        ? prometheus.query(expression)
                        : prometheus.range(expression, lived);
                assertThat(series).as("%s: %s", panel, expression).hasSizeLessThanOrEqualTo(MOST_SERIES);
                if (!mayBeEmpty && series.stream().noneMatch(LiveMeshIT::hasFigures)) {
                    empty.add(panel + ": " + expression);
                }
            }
        }
        assertThat(empty).isEmpty();
    }

    private static boolean hasFigures(Yaml series) {
        List<Yaml> points = series.map().containsKey("value")
                ? List.of(new Yaml(series.at("value").value()))
                : series.list("values");
        return points.stream()
                .map(point -> ((List<?>) point.value()).get(1).toString())
                .anyMatch(figure -> !figure.equals("NaN"));
    }
}
