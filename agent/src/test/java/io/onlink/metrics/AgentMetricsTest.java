package io.onlink.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.peer.Rejection;
import io.onlink.probe.PathVerdict;
import io.onlink.probe.Prober;
import io.onlink.route.Change;
import io.onlink.route.Failure;
import io.onlink.route.LinkCounters;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AgentMetricsTest {
    private static final String TEXT = "text/plain;version=0.0.4";

    private final AtomicReference<LinkCounters> tunnel = new AtomicReference<>(LinkCounters.ZERO);
    private final AgentMetrics metrics = new AgentMetrics(
            "0.1.0", "0123456789ab", tunnel::get, InstantSource.fixed(Instant.parse("2026-01-02T03:04:05.250Z")));

    private void oneOfEachLabelThatIsOpen() {
        metrics.gauges(new Gauges(0, 0, 0, 0, 0, 0, false, 0, Map.of("own_subnet", 0), 0, 0));
        metrics.gossip(
                () -> new GossipCounts(0, 0, 0, 0, 0, Map.of(), Map.of("10.0.0.3", 0L), GossipCounts.Judged.NOBODY));
        metrics.keys(() -> new KeyState(false, false, List.of("3eb1bd43")));
        metrics.node("a", Ipv4.parse("172.16.165.33"), List.of(Ipv4Prefix.parse("10.42.1.0/24")));
        metrics.peers(List.of(new PeerRoutes("b", Ipv4.parse("172.16.165.244"), false)));
        metrics.guard(() -> new GuardState("", false, 0, Map.of()));
        metrics.perPeer(PeerFigures.of("b"));
        metrics.probing(() -> false);
    }

    @Test
    void aFreshAgentShowsEverySeriesOfTheCatalogueAtZero() throws IOException {
        oneOfEachLabelThatIsOpen();
        String java = Runtime.version().toString();
        assertThat(ours().replace("java=\"" + java + "\"", "java=\"JAVA\"")).isEqualTo(golden());
    }

    @Test
    void everySeriesOfTheCatalogueIsScrapedWithItsTypeAndHelp() {
        oneOfEachLabelThatIsOpen();
        String page = ours();
        for (Metric metric : Metric.values()) {
            assertThat(page)
                    .contains("# HELP " + metric.series() + " " + metric.help() + "\n")
                    .contains("# TYPE " + metric.series() + " " + metric.type() + "\n");
        }
        assertThat(page.lines().filter(line -> line.startsWith("# TYPE"))).hasSize(Metric.values().length);
    }

    @Test
    void namesAndHelpFollowThePrometheusConventions() {
        for (Metric metric : Metric.values()) {
            assertThat(metric.series()).matches("onlink(_[a-z]+)+");
            assertThat(metric.series().endsWith("_total")).isEqualTo(metric.type() == Metric.Type.COUNTER);
            assertThat(metric.help()).doesNotEndWith(".").doesNotContain("|").hasSizeBetween(10, 130);
        }
        assertThat(Metric.TUNNEL_RECEIVE_BYTES.unit()).isEqualTo("bytes");
        assertThat(Metric.RECONCILE_DURATION.unit()).isEqualTo("seconds");
        assertThat(Metric.MEMBERS.unit()).isEmpty();
    }

    @Test
    void aGoodPassCountsItsChangesAndItsTime() {
        metrics.record(
                new Pass("event", 20_000_000, true, Map.of("add", 3L, "delete", 1L), List.of(), Map.of("missing", 2)));
        assertThat(ours())
                .contains("onlink_reconciles_total{result=\"ok\"} 1.0\n")
                .contains("onlink_route_operations_total{op=\"add\",result=\"ok\"} 3.0\n")
                .contains("onlink_route_operations_total{op=\"delete\",result=\"ok\"} 1.0\n")
                .contains("onlink_route_drift_repairs_total{kind=\"missing\"} 2.0\n")
                .contains("onlink_reconcile_duration_seconds_bucket{trigger=\"event\",le=\"0.005\"} 0\n")
                .contains("onlink_reconcile_duration_seconds_bucket{trigger=\"event\",le=\"0.025\"} 1\n")
                .contains("onlink_reconcile_duration_seconds_sum{trigger=\"event\"} 0.02\n");
        assertThat(value("onlink_reconcile_last_success_timestamp_seconds")).isEqualTo(1767323045.25);
    }

    @Test
    void aRefusedChangeCountsByErrorAndLeavesTheTimeOfTheLastSuccess() {
        Failure up = new Failure(new Change.SetUp("tunl0"), "EPERM", "the agent lacks CAP_NET_ADMIN");
        Failure mtu = new Failure(new Change.SetMtu("tunl0", 1480), "E2BIG", "strange");
        metrics.record(new Pass("timer", 1, false, Map.of(), List.of(up, mtu), Map.of()));
        assertThat(ours())
                .contains("onlink_reconciles_total{result=\"error\"} 1.0\n")
                .contains("onlink_route_errors_total{errno=\"EPERM\"} 1.0\n")
                .contains("onlink_route_errors_total{errno=\"other\"} 1.0\n")
                .doesNotContain("E2BIG")
                .contains("onlink_reconcile_last_success_timestamp_seconds 0.0\n");
    }

    @Test
    void gaugesAreReplacedAsOneAndEveryReasonIsThereFromTheStart() {
        for (Rejection.Reason reason : Rejection.Reason.values()) {
            assertThat(value("onlink_claims_rejected\\{reason=\"" + reason.label() + "\"\\}"))
                    .isZero();
        }
        metrics.gauges(new Gauges(4, 1, 0, 2, 5, 4, true, 1480, Map.of("own_subnet", 1), 1, 0xbeefL));
        assertThat(ours())
                .contains("onlink_members{state=\"alive\"} 4.0\n")
                .contains("onlink_members{state=\"held\"} 1.0\n")
                .contains("onlink_members{state=\"left\"} 2.0\n")
                .contains("onlink_routes_desired 5.0\n")
                .contains("onlink_routes_installed 4.0\n")
                .contains("onlink_tunnel_up 1.0\n")
                .contains("onlink_tunnel_mtu_bytes 1480.0\n")
                .contains("onlink_claims_rejected{reason=\"own_subnet\"} 1.0\n")
                .contains("onlink_route_conflicts{reason=\"foreign_proto\"} 1.0\n")
                .contains("onlink_membership_view_info{hash=\"000000000000beef\"} 1\n");
        metrics.gauges(Gauges.NONE);
        assertThat(ours())
                .contains("onlink_claims_rejected{reason=\"own_subnet\"} 0.0\n")
                .contains("onlink_tunnel_up 0.0\n")
                .doesNotContain("beef");
    }

    @Test
    void theTunnelsCountersAreReadAtScrapeTime() {
        tunnel.set(new LinkCounters(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
        assertThat(ours().lines().filter(line -> line.matches("onlink_tunnel_(receive|transmit)_.*_total .*")))
                .containsExactlyInAnyOrder(
                        "onlink_tunnel_receive_packets_total 1.0",
                        "onlink_tunnel_receive_bytes_total 2.0",
                        "onlink_tunnel_receive_errors_total 3.0",
                        "onlink_tunnel_receive_dropped_total 4.0",
                        "onlink_tunnel_transmit_packets_total 5.0",
                        "onlink_tunnel_transmit_bytes_total 6.0",
                        "onlink_tunnel_transmit_errors_total 7.0",
                        "onlink_tunnel_transmit_dropped_total 8.0",
                        "onlink_tunnel_transmit_carrier_errors_total 9.0",
                        "onlink_tunnel_transmit_loops_total 10.0");
    }

    @Test
    void aTunnelThatCannotBeReadCostsOnlyItsOwnSeries() {
        AgentMetrics broken = new AgentMetrics(
                "0.1.0",
                "0123456789ab",
                () -> {
                    throw new IllegalStateException("tunl0 is gone");
                },
                InstantSource.system());
        assertThat(broken.scrape(TEXT))
                .contains("onlink_gossip_rejected_total{reason=\"mac\"} 0.0\n")
                .doesNotContain("onlink_tunnel_receive");
    }

    @Test
    void overrunsAndGossipAreCounted() {
        metrics.resync();
        metrics.figure(Metric.NETLINK_OVERRUNS, () -> 2);
        GossipCounts.Judged judged = new GossipCounts.Judged(5, 6, 1);
        metrics.gossip(
                () -> new GossipCounts(10, 1000, 20, 2000, 4, Map.of("mac", 3L), Map.of("10.0.0.3", 7L), judged));
        assertThat(ours())
                .contains("onlink_netlink_overruns_total 2.0\n")
                .contains("onlink_netlink_resyncs_total 1.0\n")
                .contains("onlink_gossip_datagrams_total{direction=\"receive\"} 10.0\n")
                .contains("onlink_gossip_datagrams_total{direction=\"transmit\"} 20.0\n")
                .contains("onlink_gossip_bytes_total{direction=\"receive\"} 1000.0\n")
                .contains("onlink_gossip_bytes_total{direction=\"transmit\"} 2000.0\n")
                .contains("onlink_gossip_sessions_total 4.0\n")
                .contains("onlink_gossip_suspicions_total{by=\"own_probe\"} 5.0\n")
                .contains("onlink_gossip_suspicions_total{by=\"others\"} 6.0\n")
                .contains("onlink_gossip_lost_total 1.0\n")
                .contains("onlink_gossip_rejected_total{reason=\"mac\"} 3.0\n")
                .contains("onlink_gossip_rejected_total{reason=\"replay\"} 0.0\n")
                .contains("onlink_gossip_unknown_key_total{address=\"10.0.0.3\"} 7.0\n");
    }

    @Test
    void theKeysInForceAreShownByTheirFingerprints() {
        assertThat(ours()).contains("onlink_gossip_sealed 0.0\n");
        metrics.keys(() -> new KeyState(true, true, List.of("3eb1bd43", "00c0ffee")));
        assertThat(ours())
                .contains("onlink_gossip_sealed 1.0\n")
                .contains("onlink_gossip_key_file_bad 1.0\n")
                .contains("onlink_gossip_key_info{fingerprint=\"3eb1bd43\",index=\"0\"} 1\n")
                .contains("onlink_gossip_key_info{fingerprint=\"00c0ffee\",index=\"1\"} 1\n");
    }

    @Test
    void whatOthersCountIsReadAtScrapeTimeAndWhatTheCatalogueDoesNotListIsOther() {
        metrics.read(Metric.NETLINK_REQUESTS, () -> Map.of("newroute", 3L, "getqdisc", 2L, "getchain", 1L));
        metrics.read(Metric.GOSSIP_MESSAGES, () -> Map.of("receive/ping", 4L, "transmit/ping_request", 5L));
        metrics.figure(Metric.GOSSIP_HEALTH_SCORE, () -> 2);
        assertThat(ours())
                .contains("onlink_netlink_requests_total{type=\"newroute\"} 3.0\n")
                .contains("onlink_netlink_requests_total{type=\"other\"} 3.0\n")
                .contains("onlink_gossip_messages_total{direction=\"receive\",type=\"ping\"} 4.0\n")
                .contains("onlink_gossip_messages_total{direction=\"transmit\",type=\"ping_request\"} 5.0\n")
                .contains("onlink_gossip_health_score 2.0\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> metrics.figure(Metric.TUNNEL_UP, () -> 1))
                .withMessage("onlink_tunnel_up is not read from others");
    }

    @Test
    void convergenceAndRoundTripsFallIntoTheirBuckets() {
        metrics.converged("join", 40_000_000);
        metrics.roundTrip(300_000);
        assertThat(ours())
                .contains("onlink_convergence_duration_seconds_bucket{kind=\"join\",le=\"0.01\"} 0\n")
                .contains("onlink_convergence_duration_seconds_bucket{kind=\"join\",le=\"0.05\"} 1\n")
                .contains("onlink_convergence_duration_seconds_count{kind=\"leave\"} 0\n")
                .contains("onlink_gossip_probe_rtt_seconds_bucket{le=\"5.0E-4\"} 1\n");
    }

    @Test
    void theNodeIsNamedWithItsSubnets() {
        metrics.node(
                "a",
                Ipv4.parse("172.16.165.33"),
                List.of(Ipv4Prefix.parse("10.42.1.0/24"), Ipv4Prefix.parse("10.42.9.0/24")));
        assertThat(ours())
                .contains("onlink_node_info{node=\"a\",node_ip=\"172.16.165.33\","
                        + "subnet=\"10.42.1.0/24,10.42.9.0/24\"} 1\n");
    }

    @Test
    void theUnderlayCarriesTwentyBytesMoreForEachPacket() {
        tunnel.set(new LinkCounters(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
        assertThat(ours())
                .contains("onlink_tunnel_overhead_bytes_total{direction=\"receive\"} 20.0\n")
                .contains("onlink_tunnel_overhead_bytes_total{direction=\"transmit\"} 100.0\n");
    }

    @Test
    void theFormatFollowsTheAcceptHeader() {
        String openMetrics = "application/openmetrics-text;version=1.0.0";
        assertThat(metrics.contentType(openMetrics)).startsWith("application/openmetrics-text");
        assertThat(metrics.scrape(openMetrics))
                .contains("# TYPE onlink_build info\n")
                .endsWith("# EOF\n");
        assertThat(metrics.contentType("")).startsWith("text/plain; version=0.0.4");
        assertThat(metrics.scrape("")).doesNotContain("# EOF");
    }

    @Test
    void theProcessAndItsJavaAreThereToo() {
        assertThat(metrics.scrape(TEXT))
                .contains("\nprocess_resident_memory_bytes ")
                .contains("\nprocess_open_fds ")
                .contains("\njvm_memory_used_bytes{")
                .contains("\njvm_threads_current ");
    }

    @Test
    void theNumberOfSeriesOfOursIsKnown() {
        assertThat(ours().lines().filter(line -> !line.startsWith("#"))).hasSizeBetween(150, 320);
    }

    @Test
    void aLabelValueOutsideTheCatalogueIsASlipAndRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Pass("whim", 1, true, Map.of(), List.of(), Map.of()))
                .withMessage("onlink_reconcile_duration_seconds has no trigger 'whim'; "
                        + "it has [event, timer, netlink, startup]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Pass("event", -1, true, Map.of(), List.of(), Map.of()));
    }

    @Test
    void theTableOfTheReadmeHasARowForEachSeries() {
        assertThat(MetricTable.render().lines()).hasSize(Metric.values().length + 2);
        assertThat(MetricTable.render())
                .contains("| `onlink_members` | gauge | `state`: `alive`, `held`, `left` | Other nodes:")
                .contains("| `onlink_build_info` | gauge | `version`; `revision`; `java` | Always 1;");
    }

    private double value(String series) {
        Matcher line = Pattern.compile("(?m)^" + series + " (.*)$").matcher(ours());
        assertThat(line.find()).isTrue();
        return Double.parseDouble(line.group(1));
    }

    private String ours() {
        return Arrays.stream(metrics.scrape(TEXT).split("(?<=\n)", -1))
                .filter(line -> line.startsWith("onlink_") || line.matches("(?s)# (HELP|TYPE) onlink_.*"))
                .collect(Collectors.joining());
    }

    private static String golden() throws IOException {
        try (InputStream in = AgentMetricsTest.class.getResourceAsStream("/metrics.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void ofAPathThatIsShownWhatIsKnownAndOnlyTheVerdictThatIsSo() {
        metrics.peers(List.of(
                new PeerRoutes("h2", Ipv4.parse("172.16.165.244"), true),
                new PeerRoutes("h3", Ipv4.parse("172.16.168.113"), true)));
        metrics.paths(() -> List.of(OnePath.OK, OnePath.of(3, PathVerdict.ONE_WAY)), () -> new Prober.Counts(3, 2, 1));
        assertThat(ours().lines().filter(line -> line.startsWith("onlink_peer_") || line.startsWith("onlink_probe_")))
                .contains(
                        "onlink_peer_up{peer=\"h2\"} 1.0",
                        "onlink_peer_up{peer=\"h3\"} 0.0",
                        "onlink_peer_rtt_seconds{peer=\"h2\"} 0.0015",
                        "onlink_peer_probe_loss_ratio{peer=\"h2\"} 0.25",
                        "onlink_peer_path_mtu_bytes{peer=\"h2\"} 1480.0",
                        "onlink_peer_verdict{peer=\"h2\",verdict=\"ok\"} 1.0",
                        "onlink_peer_verdict{peer=\"h3\",verdict=\"one_way\"} 1.0",
                        "onlink_probe_sent_total 3.0",
                        "onlink_probe_answered_total 2.0",
                        "onlink_probe_served_total 1.0");
        assertThat(ours().lines().filter(line -> line.startsWith("onlink_peer_verdict{")))
                .hasSize(2);
    }

    @Test
    void whetherTheProberWorksIsShownAndNothingOfItWhereThereIsNone() {
        assertThat(ours()).doesNotContain("onlink_probe_up");
        AtomicBoolean up = new AtomicBoolean();
        metrics.probing(up::get);
        assertThat(ours()).contains("onlink_probe_up 0.0\n");
        up.set(true);
        assertThat(ours()).contains("onlink_probe_up 1.0\n");
    }

    @Test
    void aPeerThatWasNotAskedYetIsNeitherUpNorDown() {
        metrics.peers(List.of(new PeerRoutes("h2", Ipv4.parse("172.16.165.244"), true)));
        metrics.paths(() -> List.of(OnePath.of(2, PathVerdict.NOT_PROBED)), () -> new Prober.Counts(0, 0, 0));
        assertThat(ours())
                .contains("onlink_peer_verdict{peer=\"h2\",verdict=\"not_probed\"} 1.0")
                .doesNotContain("onlink_peer_up{");
    }

    @Test
    void howManyPathsHaveWhichVerdictIsThereForAnyNumberOfPeers() {
        metrics.peerLimit(1);
        metrics.peers(List.of(
                new PeerRoutes("h2", Ipv4.parse("172.16.165.244"), true),
                new PeerRoutes("h3", Ipv4.parse("172.16.168.113"), true)));
        metrics.paths(() -> List.of(OnePath.OK, OnePath.of(3, PathVerdict.ONE_WAY)), () -> new Prober.Counts(3, 2, 1));
        assertThat(ours())
                .contains("onlink_peer_series_limited 1.0\n")
                .contains("onlink_paths{verdict=\"ok\"} 1.0\n")
                .contains("onlink_paths{verdict=\"one_way\"} 1.0\n")
                .contains("onlink_paths{verdict=\"black_hole\"} 0.0\n")
                .doesNotContain("onlink_peer_verdict{");
    }
}
