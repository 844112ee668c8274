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

    @Test
    void whoMaySendFromAnyAddressNamesNoneAndIsAnsweredWhereverItIs() {
        Sessions.Self here = new Sessions.Self(202, Air.at(2), false);
        byte[] named = Greeting.of(new Sessions.Self(101, Air.at(1), false), Air.at(2));
        byte[] unnamed = Greeting.of(new Sessions.Self(101, Air.at(1), true), Air.at(2));
        assertThat(Greeting.isFor(here, named)).isTrue();
        assertThat(Greeting.isFrom(Air.at(1).getAddress(), named)).isTrue();
        assertThat(Greeting.isFrom(Air.at(66).getAddress(), named)).isFalse();
        assertThat(Greeting.isFor(here, unnamed)).isTrue();
        assertThat(Greeting.isFrom(Air.at(66).getAddress(), unnamed)).isTrue();
    }

    @Test
    void aQuestionForAnotherPlaceIsNotForUs() {
        Sessions.Self here = new Sessions.Self(202, Air.at(2), false);
        Sessions.Self anywhere = new Sessions.Self(202, Air.at(2), true);
        byte[] text = Greeting.of(new Sessions.Self(101, Air.at(1), false), Air.at(3));
        assertThat(Greeting.isFor(here, text)).isFalse();
        assertThat(Greeting.isFor(anywhere, text)).isTrue();
        assertThat(Greeting.isFor(anywhere, new byte[15])).isFalse();
    }
}
