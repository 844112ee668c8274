package io.onlink.seal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two that have numbered so much for others since they last spoke that each is far ahead of the other's window. */
class EstrangedTest {
    private final Air air = new Air();
    private final Air.Station a = air.station(1, 101, "key");
    private final Air.Station b = air.station(2, 202, "key");

    @BeforeEach
    void part() {
        a.say(b, "hello");
        air.settle();
        b.say(a, "hello");
        air.settle();
        a.say(b, "both know now");
        air.settle();
        air.now += TimeUnit.HOURS.toNanos(8);
        ahead(a, b);
        ahead(b, a);
        forget();
    }

    private void forget() {
        air.captured.clear();
        for (Air.Station station : List.of(a, b)) {
            station.heard.clear();
            station.refused.clear();
        }
    }

    private Session session(Air.Station of, Air.Station with) {
        List<Session> up = new ArrayList<>();
        of.sessions.reach(with.address, with.boot, air.now, new Waiting() {
            @Override
            public void up(Session session) {
                up.add(session);
            }

            @Override
            public void lost(String why) {
                throw new AssertionError(why);
            }
        });
        return up.get(0);
    }

    private void ahead(Air.Station of, Air.Station with) {
        for (int i = 0; i <= Window.MAX_STEP; i++) {
            byte[] unused = of.sessions.seal(session(of, with), new byte[0]);
        }
    }

    private void talk() {
        forget();
        a.say(b, "from a");
        b.say(a, "from b");
        air.settle();
        assertThat(b.heard).containsExactly("101 from a");
        assertThat(a.heard).containsExactly("202 from b");
        assertThat(air.types()).containsExactly("MESSAGE", "MESSAGE");
        assertThat(a.refused).isEmpty();
        assertThat(b.refused).isEmpty();
    }

    @Test
    void findTogetherAgainWhenTheOneThatAskedAtFirstSpeaks() {
        a.say(b, "are you there");
        air.settle();
        assertThat(air.types()).containsExactly("MESSAGE", "CHALLENGE", "HELLO", "CHALLENGE", "CONFIRM");
        assertThat(a.sessions.busy()).isFalse();
        talk();
    }

    @Test
    void findTogetherAgainWhenTheOtherSpeaks() {
        b.say(a, "are you there");
        air.settle();
        talk();
    }

    @Test
    void findTogetherAgainWhenBothSpeakAtOnce() {
        a.say(b, "are you there");
        b.say(a, "are you there");
        air.settle();
        talk();
    }

    @Test
    void findTogetherAgainThoughEveryFirstAnswerIsLost() {
        air.lost = flight -> air.captured.size() == 4;
        a.say(b, "are you there");
        air.settle();
        air.now += TimeUnit.MILLISECONDS.toNanos(250);
        a.sessions.tick(air.now);
        air.settle();
        talk();
    }

    /** What is sent while the other is not known to hear is sent again, as where a session is new. */
    @Test
    void whatIsSaidUntilThenIsHeardOnce() {
        a.say(b, "lost, for b was known to hear");
        while (!air.types().contains("HELLO")) {
            air.deliver(air.under.remove());
        }
        a.say(b, "one");
        a.say(b, "two");
        air.settle();
        assertThat(b.heard).containsExactly("101 one", "101 two");
        talk();
    }

    private Session stream(Air.Station from, Air.Station to, String text) {
        Session session = session(from, to);
        byte[] opener = from.sessions.opener(session);
        byte[] frame = from.sessions.seal(session, text.getBytes(StandardCharsets.UTF_8));
        Session taken = to.sessions.frame(opener, from.address, air.now);
        return taken == null ? null : to.sessions.frame(frame, from.address, air.now);
    }

    @Test
    void findTogetherAgainByTheirSecondStream() {
        assertThat(stream(a, b, "by stream")).isNull();
        air.settle();
        assertThat(stream(a, b, "by another")).isNotNull();
        assertThat(b.heard).containsExactly("101 by another");
        talk();
    }

    @Test
    void aCapturedStreamIsAnsweredToWhereItsSenderIsOnly() {
        byte[] opener = a.sessions.opener(session(a, b));
        assertThat(b.sessions.frame(opener.clone(), Air.at(66), air.now)).isNull();
        assertThat(air.captured)
                .hasSize(1)
                .allSatisfy(flight -> assertThat(flight.to()).isEqualTo(a.address));
    }

    /** As whoever has the key can make it in another's name; it asks, and what really comes is still heard. */
    @Test
    void aForgedAnswerFarAheadDoesNotShutTheWindow() {
        a.say(b, "are you there");
        air.settle();
        talk();
        forget();
        Key key = Key.published("key");
        for (long echo : new long[] {1, Window.MAX_STEP + 20, 1L << 40}) {
            byte[] text = Envelope.pair(echo, 7);
            Envelope.Header header =
                    new Envelope.Header(Envelope.Type.CHALLENGE, key, b.boot, a.boot, Long.MAX_VALUE - echo);
            byte[] packet = new Envelope().seal(header, key.pair(b.boot, a.boot), text);
            air.deliver(new Air.Flight(b.address, a.address, packet));
            air.settle();
            talk();
        }
    }

    @Test
    void aCapturedAnswerFarAheadAsksAtMostOnce() {
        a.say(b, "are you there");
        air.deliver(air.under.remove());
        Air.Flight answer = air.under.remove();
        assertThat(answer.type()).isEqualTo(Envelope.Type.CHALLENGE);
        air.captured.clear();
        for (int i = 0; i < 50; i++) {
            air.deliver(answer);
        }
        assertThat(air.types()).containsExactly("HELLO");
        air.settle();
        air.captured.clear();
        for (int i = 0; i < 50; i++) {
            air.deliver(answer);
        }
        assertThat(air.captured).isEmpty();
        talk();
    }
}
