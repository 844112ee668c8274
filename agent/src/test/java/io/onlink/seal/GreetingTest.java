package io.onlink.seal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A receiver that has restarted cannot know whether a HELLO is new: what a captured one brings who sends it again. */
class GreetingTest {
    private final Air air = new Air();
    private final Air.Station a = air.station(1, 101, "key");
    private final Air.Station b = air.station(2, 202, "key");

    /** What a has sent to b before b began anew. */
    private List<Air.Flight> captured() {
        a.say(b, "hello");
        air.settle();
        List<Air.Flight> sent = new ArrayList<>(air.captured);
        air.captured.clear();
        return sent;
    }

    @Test
    void aReplayToALaterRunOfTheReceiverChangesNothingAndIsNotAnswered() {
        List<Air.Flight> all = captured();
        Air.Station again = air.station(2, 203, "key");
        for (int i = 0; i < 2; i++) {
            all.forEach(flight -> air.deliver(new Air.Flight(Air.at(66), b.address, flight.packet())));
        }
        air.settle();
        assertThat(again.heard).isEmpty();
        assertThat(again.opened).isZero();
        assertThat(again.refused)
                .contains(PacketRefusal.REPLAY, PacketRefusal.MAC)
                .doesNotContain(PacketRefusal.NO_SESSION);
        assertThat(air.captured).isEmpty();
    }

    /** With its address forged, too. */
    @Test
    void theOneWhoseQuestionItWasIsAnsweredOnceAndDropsIt() {
        List<Air.Flight> all = captured();
        Air.Station again = air.station(2, 203, "key");
        for (int i = 0; i < 2; i++) {
            all.forEach(flight -> air.deliver(new Air.Flight(a.address, b.address, flight.packet())));
        }
        air.settle();
        assertThat(air.types()).containsExactly("CHALLENGE");
        assertThat(air.captured.get(0).to()).isEqualTo(a.address);
        assertThat(a.refused).containsExactly(PacketRefusal.STALE);
        assertThat(again.opened).isZero();
    }

    /** The question of who is at 10.0.0.1, or anywhere, to that address, as a packet. */
    private static byte[] question(boolean anywhere, int to) {
        byte[] text = Greeting.of(new Sessions.Self(101, Air.at(1), anywhere), Air.at(to));
        Key key = Key.published("key");
        return new Envelope().seal(new Envelope.Header(Envelope.Type.HELLO, key, 101, 0, 1), key.pair(101, 0), text);
    }

    private static boolean isFor(boolean anywhere, byte[] packet) {
        return Greeting.isFor(new Greeting.Place(new Sessions.Self(202, Air.at(2), anywhere)), packet, packet.length);
    }

    @Test
    void whoMaySendFromAnyAddressNamesNoneAndIsAnsweredWhereverItIs() {
        byte[] named = question(false, 2);
        byte[] unnamed = question(true, 2);
        assertThat(isFor(false, named)).isTrue();
        assertThat(Greeting.isFrom(Air.at(1).getAddress(), named)).isTrue();
        assertThat(Greeting.isFrom(Air.at(66).getAddress(), named)).isFalse();
        assertThat(isFor(false, unnamed)).isTrue();
        assertThat(Greeting.isFrom(Air.at(66).getAddress(), unnamed)).isTrue();
    }

    @Test
    void aQuestionForAnotherPlaceIsNotForUs() {
        byte[] packet = question(false, 3);
        assertThat(isFor(false, packet)).isFalse();
        assertThat(isFor(true, packet)).isTrue();
        assertThat(isFor(true, new byte[packet.length - 1])).isFalse();
    }

    /** Each time with its address forged: it must leave the sender's real questions, and its answers, their turn. */
    @Test
    void aReplayOfAnOldQuestionTakesNoTurnOfItsSenders() {
        List<Air.Flight> all = captured();
        Air.Station again = air.station(2, 203, "key");
        Air.Station later = air.station(1, 102, "key");
        flood(all.get(0), again);
        later.say(again, "restarted");
        air.settle();
        assertThat(again.heard).containsExactly("102 restarted");
        assertThat(again.refused).hasSize(4 * Limiter.BURST - 1).containsOnly(PacketRefusal.REPLAY);
    }

    @Test
    void aQuestionForAnotherTakesNoTurnOfItsSenders() {
        Air.Station c = air.station(3, 303, "key");
        List<Air.Flight> all = captured();
        Air.Station later = air.station(1, 102, "key");
        flood(all.get(0), c);
        later.say(c, "restarted");
        air.settle();
        assertThat(c.heard).containsExactly("102 restarted");
        assertThat(c.refused).hasSize(4 * Limiter.BURST).containsOnly(PacketRefusal.NOT_FOR_US);
    }

    /** One turn each: a mesh has many old runs, and who listened long has heard questions of all. */
    @Test
    void oldQuestionsOfManyRunsLeaveAnAnswerItsTurn() {
        List<Air.Flight> old = new ArrayList<>();
        for (int i = 0; i < 2 * Limiter.BURST; i++) {
            air.station(1, 1000 + i, "key").say(b, "hello");
            old.add(air.under.remove());
        }
        Air.Station later = air.station(1, 102, "key");
        Air.Station again = air.station(2, 203, "key");
        old.forEach(air::deliver);
        assertThat(again.refused).hasSize(Limiter.BURST).containsOnly(PacketRefusal.RATE);
        air.under.clear();
        again.say(later, "ours");
        air.settle();
        assertThat(later.heard).containsExactly("203 ours");
    }

    /** Late answers to what nobody asks any more: they cost less than a turn. */
    @Test
    void anAnswerThatNobodyWaitsForTakesNoTurn() {
        a.say(b, "hello");
        air.deliver(air.under.remove());
        Air.Flight answer = air.under.remove();
        air.now += Handshake.LIMIT_NANOS;
        a.sessions.tick(air.now);
        flood(answer, a);
        assertThat(a.refused).hasSize(4 * Limiter.BURST).containsOnly(PacketRefusal.STALE);
    }

    private void flood(Air.Flight flight, Air.Station to) {
        for (int i = 0; i < 4 * Limiter.BURST; i++) {
            air.deliver(new Air.Flight(flight.from(), to.address, flight.packet()));
        }
        air.under.clear();
    }
}
