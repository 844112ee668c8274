package io.onlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.guard.DropReason;
import io.onlink.guard.Guard;
import io.onlink.guard.GuardChange;
import io.onlink.guard.GuardCounts;
import io.onlink.guard.GuardReading;
import io.onlink.guard.Stray;
import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.metrics.AgentMetrics;
import io.onlink.metrics.PeerRoutes;
import io.onlink.peer.NodeName;
import io.onlink.peer.Peer;
import io.onlink.route.KernelException;
import io.onlink.route.LinkCounters;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class GuardFiguresTest {
    private static final Ipv4 B = Ipv4.parse("172.16.165.244");
    private static final Ipv4 C = Ipv4.parse("172.16.168.113");
    private static final List<Peer> PEERS = List.of(peer("b", B, "10.42.2.0/24"), peer("c", C, "10.42.3.0/24"));

    private final Counting guard = new Counting();
    private final GuardFigures figures = new GuardFigures(guard);

    private static Peer peer(String name, Ipv4 nodeIp, String subnet) {
        return new Peer(new NodeName(name), nodeIp, List.of(Ipv4Prefix.parse(subnet)));
    }

    /** A guard that has counted what it is told, or cannot be read. */
    private static final class Counting implements Guard {
        private GuardCounts counts = GuardCounts.NONE;
        private boolean broken;

        @Override
        public void probe() {}

        @Override
        public GuardCounts counts(boolean peers) throws KernelException {
            check();
            return peers ? counts : new GuardCounts(counts.dropped(), Map.of());
        }

        @Override
        public Set<Stray> strays() throws KernelException {
            check();
            return Set.of(new Stray(C, B));
        }

        private void check() throws KernelException {
            if (broken) {
                throw new KernelException("cannot read the packet guard: EINTR", "EINTR");
            }
        }

        @Override
        public String backend() {
            return "memory";
        }

        @Override
        public GuardReading read() {
            return GuardReading.ABSENT;
        }

        @Override
        public void apply(GuardChange change) {}

        @Override
        public void remove() {}

        @Override
        public void close() {}
    }

    private String scraped() {
        AgentMetrics metrics = new AgentMetrics(
                "0.1.0", "", () -> LinkCounters.ZERO, InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z")));
        metrics.peers(PEERS.stream()
                .map(peer -> new PeerRoutes(peer.name().text(), peer.nodeIp(), true))
                .toList());
        metrics.perPeer(series -> figures.addTraffic(series, PEERS));
        return metrics.scrape("text/plain")
                .lines()
                .filter(line -> line.matches("onlink_peer_(receive|transmit)_packets_total.*"))
                .collect(Collectors.joining("\n"));
    }

    @Test
    void aPeerThatNobodyCountsHasNoSeriesForZeroWouldBeALie() {
        assertThat(scraped()).isEmpty();
        guard.counts = new GuardCounts(Map.of(), Map.of(B, new GuardCounts.Traffic(7, 700, 8, 800)));
        assertThat(scraped()).isEqualTo("""
                onlink_peer_receive_packets_total{peer="b"} 7.0
                onlink_peer_transmit_packets_total{peer="b"} 8.0""");
    }

    @Test
    void whereTheGuardCannotBeReadItsCountersStandInsteadOfFallingToZero() {
        guard.counts =
                new GuardCounts(Map.of(DropReason.STRANGER, 3L), Map.of(B, new GuardCounts.Traffic(7, 700, 8, 800)));
        String before = scraped();
        assertThat(figures.dropped()).isEqualTo(Map.of("stranger", 3L));
        assertThat(figures.strays()).containsExactly(new Stray(C, B));
        guard.broken = true;
        assertThat(scraped()).isEqualTo(before).isNotEmpty();
        assertThat(figures.dropped()).isEqualTo(Map.of("stranger", 3L));
        assertThat(figures.strays()).isEmpty();
    }
}
