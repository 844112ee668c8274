package io.onlink.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.peer.NodeName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A path whose routers say how little they take costs the other paths nothing; nor does a crowd in doubt. */
class NarrowTest {
    private static final Duration WITHIN = Duration.ofSeconds(15);
    private static final Duration GROWN = Duration.ofMinutes(11);

    /** Three nodes, the first of which finds the routes of a former run with an MTU of 1280. */
    private static Wire restarted(int seed) {
        Wire wire = new Wire(3, seed);
        wire.prober(1).peers(List.of(), Wire.MTU, wire.now);
        wire.peers(1, t -> new Target(t.name(), t.addresses(), true, true, t.nodeIp(), 1280));
        return wire;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 10})
    void aPathThatIsSaidToBeSmallIsAskedForMoreNowAndThenAndTheOthersAreProbedAllTheSame(int nodes) {
        for (int seed = 1; seed <= 5; seed++) {
            Wire wire = Wire.quiet(nodes, seed);
            wire.narrow(1, 2, 1280);
            wire.run(GROWN);
            long before = wire.prober(1).counts().sent();
            wire.run(Duration.ofMinutes(10));
            assertThat(wire.prober(1).counts().sent() - before).isLessThan(610);
            assertThat(wire.path(1, 2)).hasToString("h2 10.42.2.0 rtt 2.0 ms loss 0% mtu 1280: ok");

            wire.cut(1, nodes);
            wire.cut(nodes, 1);
            wire.run(WITHIN);
            assertThat(wire.verdict(1, nodes)).as("seed %d", seed).isEqualTo("gossip ok but protocol 4 dropped");
            assertThat(wire.news(1).stream().filter(line -> line.startsWith("h2:")))
                    .containsExactlyElementsOf(
                            nodes == 2 ? List.of("h2: ok", "h2: gossip ok but protocol 4 dropped") : List.of("h2: ok"));
        }
    }

    @Test
    void protocol4DroppedOnAPathThatIsSaidToBeSmallIsSaid() {
        Wire wire = Wire.quiet(3, 1);
        wire.narrow(1, 2, 1280);
        wire.run(GROWN);
        wire.cut(1, 2);
        wire.cut(2, 1);
        wire.run(WITHIN);

        assertThat(wire.verdict(1, 2)).isEqualTo("gossip ok but protocol 4 dropped");
        assertThat(wire.verdict(2, 1)).isEqualTo("gossip ok but protocol 4 dropped");
    }

    @Test
    void aPathThatIsSaidToBeSmallAtTheFirstQuestionIsProbedOn() {
        Wire wire = new Wire(3, 1);
        wire.narrow(1, 2, 1280);
        wire.run(WITHIN);

        assertThat(wire.path(1, 2)).hasToString("h2 10.42.2.0 rtt 2.0 ms loss 0% mtu 1280: ok");
    }

    @Test
    void aPathThatIsSaidToBeSmallIsNoBlackHoleAfterARestart() {
        for (int seed = 1; seed <= 20; seed++) {
            Wire wire = restarted(seed);
            wire.narrow(1, 2, 1280);
            wire.run(GROWN);

            assertThat(wire.path(1, 2)).hasToString("h2 10.42.2.0 rtt 2.0 ms loss 0% mtu 1280: ok");
            assertThat(wire.news(1).stream().filter(line -> line.startsWith("h2:")))
                    .as("seed %d", seed)
                    .containsExactly("h2: ok");
        }
    }

    @Test
    void aBlackHoleIsFoundAgainSoonAfterARestart() {
        for (int seed = 1; seed <= 20; seed++) {
            Wire wire = restarted(seed);
            wire.hole(1, 2, 1280);
            wire.run(WITHIN);

            assertThat(wire.verdict(1, 2)).as("seed %d", seed).isEqualTo("black hole above 1280 bytes");
            assertThat(wire.prober(1).routeMtus()).containsEntry(new NodeName("h2"), 1280);
        }
    }

    @ParameterizedTest
    @CsvSource({"1280, 1400", "1400, 1280", "1280, 600"})
    void aPathThatIsSaidToCarryAnotherSizeNowIsFollowed(int first, int then) {
        Wire wire = Wire.quiet(3, 1);
        wire.narrow(1, 2, first);
        wire.run(GROWN);
        wire.narrow(1, 2, then);
        wire.run(Duration.ofMinutes(6));

        assertThat(wire.path(1, 2)).hasToString("h2 10.42.2.0 rtt 2.0 ms loss 0% mtu " + then + ": ok");
        assertThat(wire.news(1).stream().filter(line -> line.startsWith("h2:"))).containsExactly("h2: ok");
    }

    @Test
    void aPathThatGrowsAndIsSilentAboveIsABlackHole() {
        Wire wire = Wire.quiet(3, 1);
        wire.narrow(1, 2, 1280);
        wire.run(GROWN);
        wire.hole(1, 2, 1400);
        wire.run(Duration.ofMinutes(6));

        assertThat(wire.verdict(1, 2)).isEqualTo("black hole above 1400 bytes");
    }

    @Test
    void aSizeThatNoPathMayHaveIsNotBelievedAndThePathIsMeasured() {
        Wire wire = Wire.quiet(3, 1);
        wire.hole(1, 2, 1280);
        wire.run(WITHIN);
        for (int i = 0; i < 6000; i++) {
            wire.run(Duration.ofMillis(20));
            wire.prober(1).tooBig(Wire.address(2), 68, wire.now);
        }
        assertThat(wire.verdict(1, 2)).isEqualTo("black hole above 1280 bytes");
        assertThat(wire.path(1, 3)).hasToString("h3 10.42.3.0 rtt 2.0 ms loss 0% mtu 1480: ok");
        wire.cut(1, 3);
        wire.cut(3, 1);
        for (int i = 0; i < 750; i++) {
            wire.run(Duration.ofMillis(20));
            wire.prober(1).tooBig(Wire.address(2), 68, wire.now);
        }
        assertThat(wire.verdict(1, 3)).isEqualTo("gossip ok but protocol 4 dropped");
    }

    @Test
    void whileManyAreInDoubtThoseWhoAnswerAreAskedInTurn() {
        Prober prober = new Prober(new Random(1), 0);
        List<Target> targets = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            targets.add(Wire.target(i));
        }
        prober.peers(targets, Wire.MTU, 0);
        run(prober, Duration.ofMinutes(2));
        for (int i = 21; i <= 220; i++) {
            targets.add(Wire.target(i));
        }
        prober.peers(targets, Wire.MTU, Duration.ofMinutes(2).toNanos());
        Map<Integer, Integer> asked = run(prober, Duration.ofMinutes(4));

        for (int i = 1; i <= 20; i++) {
            assertThat(asked.getOrDefault(i, 0)).as("h%d", i).isBetween(5, 7);
        }
    }

    /** Peers up to the 20th answer; gives how often each was asked. */
    private static Map<Integer, Integer> run(Prober prober, Duration to) {
        Map<Integer, Integer> asked = new TreeMap<>();
        for (long now = prober.next(); now < to.toNanos(); now = prober.next()) {
            for (Ask ask : prober.tick(now)) {
                int node = ask.to().bits() >>> 8 & 255;
                asked.merge(node, 1, Integer::sum);
                Packet packet = prober.packet(ask);
                if (node <= 20) {
                    prober.received(
                            ask.to(), new Packet(true, packet.size(), 0, packet.run(), packet.number()), now + 1000);
                }
            }
        }
        return asked;
    }
}
