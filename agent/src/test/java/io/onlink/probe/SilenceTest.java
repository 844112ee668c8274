package io.onlink.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.inet.Ipv4;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Why a peer is silent, as far as that can be told, and by both sides. */
class SilenceTest {
    private static final Duration WITHIN = Duration.ofSeconds(15);

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 10})
    void oneWayOnlyIsToldFromSilence(int nodes) {
        for (int seed = 1; seed <= 20; seed++) {
            Wire wire = Wire.quiet(nodes, seed);
            wire.run(Duration.ofMillis(137L * seed));
            wire.cut(1, 2);
            wire.run(WITHIN);

            assertThat(wire.verdict(1, 2))
                    .as("seed %d", seed)
                    .isEqualTo("one way only: its probes arrive here, ours do not reach it");
            assertThat(wire.verdict(2, 1))
                    .as("seed %d", seed)
                    .isEqualTo("one way only: ours reach it, nothing of its arrives here");
            assertThat(wire.news(2).stream().filter(line -> line.startsWith("h1:")))
                    .as("seed %d", seed)
                    .containsExactly("h1: ok", "h1: one way only: ours reach it, nothing of its arrives here");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 100})
    void oneWayOnlyStandsInALargeMeshWhereASilentPeerAsksRarely(int nodes) {
        Wire wire = Wire.quiet(nodes, 1);
        for (int peer = 2; peer <= nodes; peer++) {
            wire.cut(peer, 1);
        }
        wire.run(Duration.ofMinutes(40));

        for (int peer = 2; peer <= nodes; peer++) {
            List<String> news = wire.news(peer).stream()
                    .filter(line -> line.startsWith("h1:"))
                    .toList();
            assertThat(news.subList(1, news.size()))
                    .as("h%d", peer)
                    .endsWith("h1: one way only: its probes arrive here, ours do not reach it")
                    .hasSizeLessThanOrEqualTo(2);
            assertThat(wire.verdict(1, peer)).isEqualTo("one way only: ours reach it, nothing of its arrives here");
            String name = "h" + peer + ":";
            assertThat(wire.news(1).stream().filter(line -> line.startsWith(name)))
                    .hasSize(2);
        }
    }

    @Test
    void aSilentPeerThatAsksOftenAndThenNoMoreIsNotTakenForHeardForLong() {
        Wire wire = Wire.quiet(100, 1);
        wire.cut(1, 2);
        wire.run(Duration.ofMinutes(10));
        assertThat(wire.verdict(1, 2)).isEqualTo("one way only: its probes arrive here, ours do not reach it");
        wire.cut(2, 1);
        wire.run(Duration.ofSeconds(40));
        assertThat(wire.verdict(1, 2)).isEqualTo("gossip ok but protocol 4 dropped");
    }

    @Test
    void whoIsHeardAndHearsNothingIsToldSoBesideTheTunnelWhileItAsks() {
        Wire wire = Wire.quiet(3, 1);
        assertThat(wire.notes).isZero();
        wire.cut(1, 2);
        wire.run(WITHIN);
        assertThat(wire.notes).isBetween(1L, 15L);

        wire.cut(2, 1);
        wire.run(Duration.ofSeconds(75));
        assertThat(wire.verdict(1, 2)).isEqualTo("gossip ok but protocol 4 dropped");
        assertThat(wire.verdict(2, 1)).isEqualTo("gossip ok but protocol 4 dropped");
        long before = wire.notes;
        wire.mend();
        wire.run(Wire.QUIET);
        assertThat(wire.verdict(1, 2)).isEqualTo("ok");
        assertThat(wire.verdict(2, 1)).isEqualTo("ok");
        assertThat(wire.notes).isLessThanOrEqualTo(before + 1);
    }

    @Test
    void withoutTheNoteTheSideThatHearsNothingSaysThatProtocol4IsDropped() {
        Wire wire = Wire.quiet(3, 1);
        wire.muteNotes();
        wire.cut(1, 2);
        wire.run(WITHIN);

        assertThat(wire.verdict(1, 2)).isEqualTo("one way only: its probes arrive here, ours do not reach it");
        assertThat(wire.verdict(2, 1)).isEqualTo("gossip ok but protocol 4 dropped");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 10})
    void whatTheGuardDropsIsSaidOnBothSidesAndForgottenWhenItPasses(int nodes) {
        for (int seed = 1; seed <= 20; seed++) {
            Wire wire = Wire.quiet(nodes, seed);
            wire.run(Duration.ofMillis(137L * seed));
            wire.masquerade(1, 2, "172.31.7.99");
            wire.run(WITHIN);

            assertThat(wire.verdict(2, 1))
                    .as("seed %d", seed)
                    .isEqualTo("guard drops: its packets come from 172.31.7.99, not from its node IP 172.31.7.1");
            assertThat(wire.path(2, 1).verdict()).isEqualTo(PathVerdict.GUARD_DROPS);
            assertThat(wire.verdict(1, 2))
                    .as("seed %d", seed)
                    .isEqualTo("guard drops: its guard takes ours for a stranger's; ask there");
            wire.mend();
            wire.run(WITHIN);
            assertThat(wire.verdict(1, 2)).isEqualTo("ok");
            assertThat(wire.verdict(2, 1)).isEqualTo("ok");
            wire.cut(1, 2);
            wire.cut(2, 1);
            wire.run(WITHIN);
            assertThat(wire.verdict(2, 1)).isEqualTo("gossip ok but protocol 4 dropped");
            assertThat(wire.verdict(1, 2)).isEqualTo("gossip ok but protocol 4 dropped");
        }
    }

    @Test
    void anInnerSourceThatThePeerMayNotHaveIsSaidAndOthersPacketsAreNot() {
        Wire wire = Wire.quiet(3, 1);
        wire.cut(2, 1);
        wire.run(WITHIN);
        wire.prober(1).dropped(List.of(new Dropped(Wire.nodeIp(3), Ipv4.parse("10.99.0.1"))), wire.now);
        assertThat(wire.path(1, 2).verdict()).isEqualTo(PathVerdict.ONE_WAY);
        wire.prober(1).dropped(List.of(new Dropped(Wire.nodeIp(2), Ipv4.parse("10.99.0.1"))), wire.now);
        assertThat(wire.verdict(1, 2))
                .isEqualTo("guard drops: its packets have the inner source 10.99.0.1, which is in none of its subnets");
    }
}
