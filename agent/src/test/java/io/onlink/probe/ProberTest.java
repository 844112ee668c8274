package io.onlink.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.inet.Ipv4;
import io.onlink.peer.NodeName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProberTest {
    private static final Duration WITHIN = Duration.ofSeconds(15);

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 10, 40})
    void whereAllIsWellEveryPathIsOkWithItsRoundTripAndItsSize(int nodes) {
        Wire wire = Wire.quiet(nodes, 1);

        for (int to = 2; to <= nodes; to++) {
            assertThat(wire.path(1, to)).hasToString("h" + to + " 10.42." + to + ".0 rtt 2.0 ms loss 0% mtu 1480: ok");
        }
        assertThat(wire.news(1)).hasSize(nodes - 1).allMatch(line -> line.endsWith(": ok"));
    }

    @ParameterizedTest
    @CsvSource({"2, 0.2", "3, 0.4", "6, 1", "10, 1", "100, 1", "400, 1"})
    void whatANodeSendsDoesNotGrowWithTheMesh(int nodes, double perSecond) {
        Prober prober = new Prober(new Random(1), 0);
        List<Target> targets = new ArrayList<>();
        for (int i = 1; i < nodes; i++) {
            Ipv4 address = new Ipv4(0x0a2a0000 + (i << 8));
            targets.add(new Target(new NodeName("h" + i), List.of(address), true, true, Wire.nodeIp(2), 0));
        }
        prober.peers(targets, Wire.MTU, 0);
        long settled = Duration.ofMinutes(5).toNanos();
        long end = settled + Duration.ofMinutes(10).toNanos();
        long now = 0;
        long before = 0;
        while (now < end) {
            now = prober.next();
            for (Ask ask : prober.tick(now)) {
                Packet packet = prober.packet(ask);
                prober.received(
                        ask.to(), new Packet(true, packet.size(), 0, packet.run(), packet.number()), now + 1000);
            }
            before = now < settled ? prober.counts().sent() : before;
        }
        assertThat((prober.counts().sent() - before) / 600.0).isBetween(perSecond * 0.95, perSecond * 1.05);
    }

    @Test
    void evenAMeshThatIsSilentAsAWholeIsAskedAtABoundedRate() {
        Prober prober = new Prober(new Random(1), 0);
        List<Target> targets = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            targets.add(new Target(
                    new NodeName("h" + i), List.of(new Ipv4(0x0a000000 + (i << 8))), true, true, Wire.nodeIp(2), 0));
        }
        prober.peers(targets, Wire.MTU, 0);
        long now = 0;
        long minute = Duration.ofMinutes(1).toNanos();
        long lastHour = 0;
        while (now < 120 * minute) {
            now = prober.next();
            long asked = prober.tick(now).size();
            assertThat(asked).isLessThanOrEqualTo(Prober.BURST);
            lastHour += now > 60 * minute ? asked : 0;
        }
        assertThat(prober.counts().sent()).isLessThanOrEqualTo(120 * 60 * Prober.RATE + Prober.BURST);
        assertThat(lastHour / 3600.0).isBetween(0.9, 1.1);
        assertThat(prober.paths(now)).allMatch(path -> path.verdict() == PathVerdict.PROTOCOL_4_DROPPED);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 10})
    void protocol4DroppedOnOnePathIsSaidOnBothSidesAndTakenBackWhenItPasses(int nodes) {
        for (int seed = 1; seed <= 20; seed++) {
            Wire wire = Wire.quiet(nodes, seed);
            wire.run(Duration.ofMillis(137L * seed));
            wire.cut(1, 2);
            wire.cut(2, 1);
            wire.run(WITHIN);

            assertThat(wire.verdict(1, 2)).isEqualTo("gossip ok but protocol 4 dropped");
            assertThat(wire.verdict(2, 1)).isEqualTo("gossip ok but protocol 4 dropped");
            assertThat(wire.path(1, 2).up()).isFalse();
            for (int other = 3; other <= nodes; other++) {
                assertThat(wire.verdict(1, other)).isEqualTo("ok");
                assertThat(wire.verdict(other, 2)).isEqualTo("ok");
            }
            wire.mend();
            wire.run(WITHIN);
            assertThat(wire.verdict(1, 2)).isEqualTo("ok");
            assertThat(wire.verdict(2, 1)).isEqualTo("ok");
        }
    }

    @ParameterizedTest
    @CsvSource({"2, 1280", "3, 1400", "3, 1479", "10, 1280", "5, 552", "5, 600"})
    void aBlackHoleIsMeasuredToTheByteWhileThePathBackIsOk(int nodes, int above) {
        for (int seed = 1; seed <= 20; seed++) {
            Wire wire = Wire.quiet(nodes, seed);
            wire.run(Duration.ofMillis(137L * seed));
            wire.hole(1, 2, above);
            wire.run(WITHIN);

            assertThat(wire.verdict(1, 2)).as("seed %d", seed).isEqualTo("black hole above " + above + " bytes");
            assertThat(wire.verdict(2, 1)).isEqualTo("ok");
            assertThat(wire.path(1, 2).up()).isTrue();
            assertThat(wire.prober(1).routeMtus()).containsEntry(new NodeName("h2"), above);
            assertThat(wire.prober(2).routeMtus()).containsEntry(new NodeName("h1"), 0);
        }
    }

    @Test
    void aPathThatGrowsAgainIsFoundWithinMinutes() {
        Wire wire = Wire.quiet(3, 1);
        wire.hole(1, 2, 1280);
        wire.run(Duration.ofMinutes(20));
        wire.hole(1, 2, 1400);
        wire.run(Duration.ofMinutes(6));
        assertThat(wire.verdict(1, 2)).isEqualTo("black hole above 1400 bytes");
        wire.mend();
        wire.run(Duration.ofMinutes(6));

        assertThat(wire.verdict(1, 2)).isEqualTo("ok");
        assertThat(wire.news(1).stream().filter(line -> line.startsWith("h2")))
                .containsExactly(
                        "h2: ok", "h2: black hole above 1280 bytes", "h2: black hole above 1400 bytes", "h2: ok");
    }

    @Test
    void aBlackHoleThatGetsDeeperIsFollowed() {
        Wire wire = Wire.quiet(3, 1);
        wire.hole(1, 2, 1400);
        wire.run(WITHIN);
        wire.hole(1, 2, 1000);
        wire.run(WITHIN);

        assertThat(wire.verdict(1, 2)).isEqualTo("black hole above 1000 bytes");
    }

    @Test
    void aPathWhoseRoutersSayHowMuchTheyTakeIsOkAndItsSizeIsKnownAtOnce() {
        Wire wire = Wire.quiet(3, 1);
        wire.narrow(1, 2, 1380);
        wire.run(WITHIN);

        assertThat(wire.path(1, 2)).hasToString("h2 10.42.2.0 rtt 2.0 ms loss 0% mtu 1380: ok");
        assertThat(wire.prober(1).routeMtus()).containsEntry(new NodeName("h2"), 1380);

        wire.mend();
        wire.run(Duration.ofMinutes(6));
        assertThat(wire.path(1, 2).mtu()).isEqualTo(1480);
    }

    @Test
    void losingAFewPacketsMakesNeitherSilenceNorABlackHole() {
        for (int seed = 1; seed <= 10; seed++) {
            Wire wire = new Wire(6, seed);
            wire.loss(0.05);
            wire.run(Duration.ofHours(1));
            for (int node = 1; node <= 6; node++) {
                assertThat(wire.news(node)).as("seed %d", seed).allMatch(line -> line.matches("h\\d: (ok|lossy: .*)"));
            }
        }
    }

    @Test
    void losingOneInFivePacketsEachWayIsCalledLossyAndHidesNoBlackHole() {
        Wire wire = new Wire(4, 1);
        wire.loss(0.2);
        wire.run(Duration.ofMinutes(5));
        long lossy =
                wire.news(1).stream().filter(line -> line.contains("lossy")).count();
        assertThat(lossy).isPositive();
        assertThat(wire.news(1)).noneMatch(line -> line.contains("protocol 4"));

        wire.hole(1, 2, 1280);
        wire.run(Duration.ofSeconds(40));
        assertThat(wire.verdict(1, 2)).isEqualTo("black hole above 1280 bytes");
    }

    @Test
    void aSlowPathIsNoLossyPath() {
        Wire wire = new Wire(3, 1);
        wire.delay(Duration.ofMillis(700));
        wire.run(Duration.ofMinutes(3));
        assertThat(wire.verdict(1, 2)).isEqualTo("ok");
        assertThat(wire.path(1, 2).roundTripNanos())
                .isEqualTo(Duration.ofMillis(1400).toNanos());
        assertThat(wire.path(1, 2).loss()).isZero();
    }

    @Test
    void aPeerWithoutAProberIsNotCalledDropped() {
        Wire wire = new Wire(3, 1);
        wire.absent(2);
        wire.run(Wire.QUIET);

        assertThat(wire.verdict(1, 2)).isEqualTo("not probed: packets pass, but its host has no prober");
        assertThat(wire.path(1, 2).verdict()).isEqualTo(PathVerdict.NOT_PROBED);
        assertThat(wire.verdict(1, 3)).isEqualTo("ok");
    }

    @Test
    void aPeerThatGossipHasLostTooIsCalledSilent() {
        Wire wire = Wire.quiet(3, 1);
        wire.cut(2, 1);
        wire.peers(
                1,
                t -> t.name().text().equals("h2")
                        ? new Target(t.name(), t.addresses(), false, true, t.nodeIp(), 0)
                        : t);
        wire.run(WITHIN);

        assertThat(wire.verdict(1, 2)).isEqualTo("agent silent: neither gossip nor probes are answered");
    }

    @Test
    void aRouteThatIsMissingIsSaidAtOnce() {
        Wire wire = Wire.quiet(3, 1);
        wire.peers(
                1,
                t -> t.name().text().equals("h2")
                        ? new Target(t.name(), t.addresses(), true, false, t.nodeIp(), 0)
                        : t);
        assertThat(wire.verdict(1, 2)).isEqualTo("route missing");
        long before = wire.prober(1).counts().sent();
        wire.run(Duration.ofSeconds(50));
        assertThat(wire.prober(1).counts().sent() - before).isBetween(9L, 51L);

        wire.peers(1, t -> t);
        wire.run(WITHIN);
        assertThat(wire.verdict(1, 2)).isEqualTo("ok");
    }

    @Test
    void whoHasStoodStillBlamesNobody() {
        Wire wire = Wire.quiet(4, 1);
        wire.still(1, true);
        wire.run(Duration.ofSeconds(3));
        wire.still(1, false);
        wire.run(Duration.ofMinutes(1));

        assertThat(wire.news(1)).hasSize(3).allMatch(line -> line.endsWith(": ok"));
        for (int node = 2; node <= 4; node++) {
            assertThat(wire.news(node)).hasSize(3).allMatch(line -> line.endsWith(": ok"));
        }
    }

    @Test
    void theMtuOfAFormerRunStandsUntilThePathIsFoundToCarryMore() {
        Prober prober = new Prober(new Random(1), 0);
        Target former = new Target(new NodeName("h2"), List.of(Wire.address(2)), true, true, Wire.nodeIp(2), 1280);
        prober.peers(List.of(former), Wire.MTU, 0);
        assertThat(prober.routeMtus()).containsEntry(new NodeName("h2"), 1280);

        Wire wire = new Wire(2, 1);
        wire.hole(1, 2, 1280);
        wire.peers(
                1,
                t -> new Target(
                        t.name(), List.of(Wire.address(9), t.addresses().get(0)), true, true, Wire.nodeIp(2), 1280));
        wire.run(Duration.ofMinutes(1));
        assertThat(wire.prober(1).routeMtus()).containsEntry(new NodeName("h2"), 1280);
        wire.mend();
        wire.run(Duration.ofMinutes(3));
        assertThat(wire.prober(1).routeMtus()).containsEntry(new NodeName("h2"), 0);
    }

    @Test
    void aPeerWhoseTunnelHasTheAddressOfItsSecondSubnetIsFound() {
        Wire wire = new Wire(2, 1);
        wire.peers(
                1,
                t -> new Target(
                        t.name(), List.of(Wire.address(9), t.addresses().get(0)), true, true, Wire.nodeIp(2), 0));
        wire.run(WITHIN);
        assertThat(wire.path(1, 2).address()).hasToString("10.42.2.0");
        assertThat(wire.verdict(1, 2)).isEqualTo("ok");
    }

    @Test
    void strangersAndLiarsGetNoAnswerAndChangeNothing() {
        Wire wire = Wire.quiet(2, 1);
        Prober prober = wire.prober(1);
        Packet ask = new Packet(false, 100, 0, 7, 7);
        assertThat(prober.received(Ipv4.parse("10.42.77.0"), ask, wire.now)).isEmpty();
        assertThat(prober.received(Ipv4.parse("10.42.2.0"), new Packet(true, 1480, 0, 7, 7), wire.now))
                .isEmpty();
        long answered = prober.counts().answered();
        assertThat(prober.received(Ipv4.parse("10.42.2.0"), ask, wire.now))
                .hasValueSatisfying(answer -> assertThat(answer.length()).isEqualTo(Packet.LEAST));
        assertThat(prober.counts().answered()).isEqualTo(answered);
        int served = 0;
        for (int i = 0; i < 1000; i++) {
            served += prober.received(Ipv4.parse("10.42.2.0"), ask, wire.now).isPresent() ? 1 : 0;
        }
        assertThat(served).isEqualTo(Prober.ANSWER_RATE - 1);
    }

    @Test
    void aSmallerTunnelMakesSmallerQuestionsAndNoBlackHole() {
        Wire wire = Wire.quiet(2, 1);
        wire.prober(1).peers(List.of(Wire.target(2)), 1380, wire.now);
        wire.run(WITHIN);
        assertThat(wire.path(1, 2)).hasToString("h2 10.42.2.0 rtt 2.0 ms loss 0% mtu 1380: ok");
        wire.prober(1).peers(List.of(Wire.target(2)), 1480, wire.now);
        wire.run(WITHIN);
        assertThat(wire.path(1, 2).mtu()).isEqualTo(1480);
        wire.prober(1).peers(List.of(), 1480, wire.now);
        assertThat(wire.prober(1).paths(wire.now)).isEmpty();
    }
}
