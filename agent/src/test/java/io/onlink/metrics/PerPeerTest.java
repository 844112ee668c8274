package io.onlink.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.onlink.inet.Ipv4;
import io.onlink.route.LinkCounters;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PerPeerTest {
    private final AgentMetrics metrics =
            new AgentMetrics("0.1.0", "0", () -> LinkCounters.ZERO, InstantSource.system());
    private final PeerRoutes b = new PeerRoutes("b", Ipv4.parse("172.16.165.244"), true);
    private final PeerRoutes c = new PeerRoutes("c", Ipv4.parse("172.16.168.113"), false);

    private List<String> shown() {
        return metrics.scrape("text/plain;version=0.0.4")
                .lines()
                .filter(line -> line.startsWith("onlink_peer_"))
                .toList();
    }

    private static List<PeerRoutes> peers(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new PeerRoutes("p" + i, new Ipv4(0x0a000001 + i), true))
                .toList();
    }

    @Test
    void eachPeerHasASeriesOfItsOwn() {
        metrics.peers(List.of(b, c));
        assertThat(shown())
                .containsExactly(
                        "onlink_peer_route_installed{peer=\"b\"} 1.0",
                        "onlink_peer_route_installed{peer=\"c\"} 0.0",
                        "onlink_peer_series_limited 0.0");
    }

    @Test
    void theSeriesOfAPeerThatIsGoneVanishWhateverItsSourceStillKnows() {
        metrics.perPeer(series -> {
            series.add(Metric.PEER_ROUTE_INSTALLED, "c", 7);
            series.add(Metric.PEER_ROUTE_INSTALLED, c.nodeIp(), 8);
        });
        metrics.peers(List.of(b, c));
        assertThat(shown()).anyMatch(line -> line.contains("peer=\"c\""));
        metrics.peers(List.of(b));
        assertThat(shown())
                .containsExactly("onlink_peer_route_installed{peer=\"b\"} 1.0", "onlink_peer_series_limited 0.0");
    }

    @Test
    void aSourceFindsAPeerByItsNodeIp() {
        metrics.perPeer(series -> assertThat(series.name(b.nodeIp())).isEqualTo("b"));
        metrics.perPeer(series -> assertThat(series.name(c.nodeIp())).isNull());
        metrics.peers(List.of(b));
        assertThat(shown()).hasSize(2);
    }

    @Test
    void aboveTheLimitNoPeerHasSeriesAndThatIsSaid() {
        AtomicInteger asked = new AtomicInteger();
        metrics.perPeer(series -> asked.incrementAndGet());
        metrics.peers(peers(128));
        assertThat(shown()).hasSize(129).contains("onlink_peer_series_limited 0.0");
        metrics.peers(peers(129));
        assertThat(shown()).containsExactly("onlink_peer_series_limited 1.0");
        assertThat(asked).hasValue(1);
        metrics.peers(peers(127));
        assertThat(shown()).hasSize(128);
    }

    @Test
    void theLimitIsASettingAndZeroMeansNever() {
        metrics.peerLimit(0);
        metrics.peers(List.of(b));
        assertThat(shown()).containsExactly("onlink_peer_series_limited 1.0");
        metrics.peerLimit(1000);
        metrics.peers(peers(1000));
        assertThat(shown()).hasSize(1001);
    }

    @Test
    void aSourceThatFailsCostsItsOwnSeriesOnly() {
        metrics.perPeer(series -> {
            throw new IllegalStateException("no counters");
        });
        metrics.peers(List.of(b));
        assertThat(shown()).hasSize(2);
    }

    @Test
    void aMetricThatIsNoneOfPeersIsASlipAndRefused() {
        PeerSeries series = new PeerSeries(PeerSeries.Peers.of(List.of(b)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> series.add(Metric.TUNNEL_UP, "b", 1))
                .withMessageContaining("onlink_tunnel_up is not a series of peers");
        assertThatIllegalArgumentException().isThrownBy(() -> series.add(Metric.PEER_ROUTE_INSTALLED, "b", "x", 1));
    }
}
