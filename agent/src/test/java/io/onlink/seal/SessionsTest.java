package io.onlink.seal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SessionsTest {
    private final Air air = new Air();
    private final Air.Station a = air.station(1, 101, "key");
    private final Air.Station b = air.station(2, 202, "key");

    private void session() {
        a.say(b, "hello");
        air.settle();
        assertThat(b.heard).containsExactly("101 hello");
        b.heard.clear();
    }

    @Test
    void threePacketsOpenASessionForBothAndWhatWaitedFollows() {
        a.say(b, "one");
        a.say(b, "two");
        air.settle();
        assertThat(air.types()).containsExactly("HELLO", "CHALLENGE", "CONFIRM", "MESSAGE", "MESSAGE");
        assertThat(b.heard).containsExactly("101 one", "101 two");
        b.say(a, "three");
        air.settle();
        assertThat(air.types()).endsWith("MESSAGE", "MESSAGE", "MESSAGE").hasSize(6);
        assertThat(a.heard).containsExactly("202 three");
        assertThat(a.opened + b.opened).isEqualTo(2);
        assertThat(a.refused).isEmpty();
        assertThat(b.refused).isEmpty();
    }

    @Test
    void bothMayBeginAtOnce() {
        a.say(b, "from a");
        b.say(a, "from b");
        air.settle();
        assertThat(b.heard).containsExactly("101 from a");
        assertThat(a.heard).containsExactly("202 from b");
        assertThat(a.opened + b.opened).isEqualTo(2);
    }

    @Test
    void whoeverIsThereIsReachedWithoutItsBootId() {
        a.say(b.address, 0, "knock");
        air.settle();
        assertThat(b.heard).containsExactly("101 knock");
    }

    @Test
    void whatIsForAFormerRunIsNotSentToTheRunThatIsThereNow() {
        a.say(b.address, 201, "for the former");
        air.settle();
        assertThat(b.heard).isEmpty();
        assertThat(a.lostWords).containsExactly("for the former: another run is there now");
    }

    @Test
    void nobodyThereIsSaidAfterFiveSecondsAndEightQuestions() {
        a.say(Air.at(9), 0, "anyone");
        for (int i = 0; i < 20; i++) {
            air.now += TimeUnit.MILLISECONDS.toNanos(250);
            a.sessions.tick(air.now);
        }
        assertThat(a.lostWords).containsExactly("anyone: nobody answers there");
        assertThat(air.types()).hasSize(8).containsOnly("HELLO");
        assertThat(a.sessions.busy()).isFalse();
    }

    @Test
    void whoIsSlowToAnswerIsWaitedFor() {
        a.say(b.address, 202, "take your time");
        air.now += TimeUnit.SECONDS.toNanos(3);
        a.sessions.tick(air.now);
        air.settle();
        assertThat(b.heard).containsExactly("101 take your time");
        assertThat(a.lostWords).isEmpty();
    }

    @Test
    void whatWaitsIsBounded() {
        for (int i = 0; i < 40; i++) {
            a.say(Air.at(9), 0, "n" + i);
        }
        assertThat(a.lostWords).hasSize(8).contains("n32: too much waits for an answer already");
        for (int i = 0; i < 2000; i++) {
            a.say(Air.at(9), 1000 + i, "m" + i);
        }
        assertThat(a.lostWords).hasSize(8 + 2000 - 1023);
    }

    @Test
    void aLostQuestionOrAnswerIsAskedAgain() {
        for (int drop = 0; drop < 2; drop++) {
            int index = air.captured.size() + drop;
            air.lost = flight -> air.captured.size() == index + 1;
            Air.Station late = air.station(10 + drop, 900 + drop, "key");
            late.say(b, "late");
            air.settle();
            air.now += TimeUnit.MILLISECONDS.toNanos(250);
            late.sessions.tick(air.now);
            air.settle();
            assertThat(b.heard).contains(late.boot + " late");
        }
    }

    @Test
    void aLostConfirmationIsAskedForAndWhatItDroppedIsSentAgain() {
        air.lost = flight -> flight.type() == Envelope.Type.CONFIRM && a.heard.isEmpty();
        a.say(b, "one");
        a.say(b, "two");
        while (air.captured.size() < 3) {
            air.deliver(air.under.remove());
        }
        air.lost = flight -> false;
        air.settle();
        assertThat(b.heard).containsExactly("101 one", "101 two");
    }

    private List<Air.Flight> captured() {
        List<Air.Flight> all = new ArrayList<>(air.captured);
        air.captured.clear();
        b.heard.clear();
        b.refused.clear();
        return all;
    }

    private void replayToB(List<Air.Flight> flights) {
        flights.forEach(flight -> air.deliver(new Air.Flight(Air.at(66), b.address, flight.packet())));
        air.settle();
    }

    @Test
    void aReplayInTheSessionChangesNothingAndIsNotAnswered() {
        session();
        b.say(a, "back");
        air.settle();
        List<Air.Flight> all = captured();
        replayToB(all);
        assertThat(b.heard).isEmpty();
        assertThat(air.captured).isEmpty();
        assertThat(b.refused)
                .as("its own are not for itself")
                .containsExactly(
                        PacketRefusal.REPLAY,
                        PacketRefusal.MAC,
                        PacketRefusal.REPLAY,
                        PacketRefusal.REPLAY,
                        PacketRefusal.MAC);
    }

    @Test
    void aReplayAfterItsSenderLeftChangesNothingAndIsNotAnswered() {
        session();
        List<Air.Flight> all = captured();
        air.stations.remove(a.address);
        air.now += TimeUnit.HOURS.toNanos(100);
        replayToB(all);
        assertThat(b.heard).isEmpty();
        assertThat(air.captured).isEmpty();
    }

    @Test
    void aReplayToAnotherNodeChangesNothingAndIsNotAnswered() {
        session();
        Air.Station c = air.station(3, 303, "key");
        for (Air.Flight flight : captured()) {
            air.deliver(new Air.Flight(Air.at(66), c.address, flight.packet()));
        }
        air.settle();
        assertThat(c.heard).isEmpty();
        assertThat(c.refused)
                .containsExactly(PacketRefusal.NOT_FOR_US, PacketRefusal.MAC, PacketRefusal.MAC, PacketRefusal.MAC);
        assertThat(air.captured).isEmpty();
    }

    /** With a session too: what was sealed for another never reaches the window, so it must be cheap each time. */
    @Test
    void whatAMemberSentToAnotherIsRefusedBeforeItIsOpened() {
        session();
        Air.Station c = air.station(3, 303, "key");
        a.say(c, "for c");
        air.settle();
        List<Air.Flight> all = captured();
        all.removeIf(flight -> !flight.to().equals(c.address) || flight.type() == Envelope.Type.HELLO);
        assertThat(all).hasSize(2);
        for (int i = 0; i < 500; i++) {
            replayToB(all);
        }
        assertThat(b.refused).hasSize(1000).containsOnly(PacketRefusal.MAC);
        a.say(b, "still heard");
        air.settle();
        assertThat(b.heard).containsExactly("101 still heard");
    }

    @Test
    void aReplayAfterAKeyChangeChangesNothingAndIsNotAnswered() {
        session();
        List<Air.Flight> all = captured();
        b.sessions.keyring(Air.keys("new"));
        replayToB(all);
        assertThat(b.refused).hasSize(all.size()).containsOnly(PacketRefusal.UNKNOWN_KEY);
        assertThat(air.captured).isEmpty();
        b.sessions.keyring(Air.keys("new", "key"));
        replayToB(all);
        assertThat(b.heard).isEmpty();
        assertThat(air.captured).isEmpty();
    }

    @Test
    void aConfirmationIsGoodForItsSenderItsSourceAndAMinuteOnly() {
        a.say(b, "x");
        air.deliver(air.under.remove());
        air.deliver(air.under.remove());
        Air.Flight confirm = air.under.remove();
        assertThat(confirm.type()).isEqualTo(Envelope.Type.CONFIRM);
        air.deliver(new Air.Flight(Air.at(66), b.address, confirm.packet()));
        assertThat(b.refused).containsExactly(PacketRefusal.STALE);
        air.now += TimeUnit.SECONDS.toNanos(61);
        air.deliver(confirm);
        assertThat(b.refused).containsExactly(PacketRefusal.STALE, PacketRefusal.STALE);
        assertThat(b.opened).isZero();
    }

    @Test
    void rotationInThreeStepsLosesNothingInWhateverOrderTheNodesGo() {
        session();
        List<Runnable> steps = List.of(
                () -> b.sessions.keyring(Air.keys("key", "new")),
                () -> a.sessions.keyring(Air.keys("key", "new")),
                () -> a.sessions.keyring(Air.keys("new", "key")),
                () -> b.sessions.keyring(Air.keys("new", "key")),
                () -> b.sessions.keyring(Air.keys("new")),
                () -> a.sessions.keyring(Air.keys("new")));
        for (int i = 0; i < steps.size(); i++) {
            steps.get(i).run();
            a.say(b, "a" + i);
            b.say(a, "b" + i);
            air.settle();
            assertThat(b.heard).endsWith("101 a" + i);
            assertThat(a.heard).endsWith("202 b" + i);
        }
        assertThat(a.opened + b.opened).as("no new session").isEqualTo(2);
        assertThat(a.refused).isEmpty();
        assertThat(b.refused).isEmpty();
    }

    @Test
    void aNodeLeftBehindIsKnownByItsAddress() {
        session();
        b.sessions.keyring(Air.keys("new"));
        a.say(b, "old key");
        air.settle();
        assertThat(b.refused).containsExactly(PacketRefusal.UNKNOWN_KEY);
        assertThat(b.sessions.met(a.address.getAddress())).isTrue();
        assertThat(b.sessions.met(Air.at(66).getAddress())).isFalse();
    }

    @Test
    void whatNeedsAnAnswerIsLimitedForEachSource() {
        for (int i = 0; i < 300; i++) {
            a.say(b.address, 5000 + i, "x");
        }
        long hellos = air.under.size();
        air.settle();
        assertThat(hellos).isEqualTo(300);
        assertThat(air.types().stream().filter("CHALLENGE"::equals)).hasSize(Limiter.BURST);
        assertThat(b.refused).hasSizeGreaterThanOrEqualTo(200).containsOnly(PacketRefusal.RATE);
        air.now += TimeUnit.SECONDS.toNanos(1);
        air.captured.clear();
        for (int i = 0; i < 300; i++) {
            a.say(b.address, 6000 + i, "x");
        }
        air.settle();
        assertThat(air.types().stream().filter("CHALLENGE"::equals)).hasSize(Limiter.RATE);
    }

    @Test
    void aStreamsFirstFrameOpensTheSessionWhereItIsMissing() {
        air.lost = flight -> flight.type() == Envelope.Type.CONFIRM;
        a.sessions.reach(b.address, b.boot, air.now, new Waiting() {
            @Override
            public void up(Session session) {
                byte[] opener = a.sessions.opener(session);
                byte[] frame = a.sessions.seal(session, "by stream".getBytes(StandardCharsets.UTF_8));
                assertThat(b.sessions.frame(frame.clone(), Air.at(1), air.now)).isNull();
                Session there = b.sessions.frame(opener.clone(), Air.at(1), air.now);
                assertThat(there).isNotNull();
                assertThat(there.boot()).isEqualTo(101);
                assertThat(there.address()).isEqualTo(a.address);
                byte[] next = a.sessions.seal(session, "by stream".getBytes(StandardCharsets.UTF_8));
                assertThat(b.sessions.frame(next, Air.at(1), air.now)).isSameAs(there);
                assertThat(b.sessions.frame(opener.clone(), Air.at(1), air.now))
                        .as("replayed")
                        .isNull();
            }

            @Override
            public void lost(String why) {
                throw new AssertionError(why);
            }
        });
        air.settle();
        assertThat(b.heard).containsExactly("101 by stream");
        assertThat(b.refused).containsExactly(PacketRefusal.NO_SESSION, PacketRefusal.REPLAY);
    }

    @Test
    void ourOwnPacketsAndAnswersNobodyAskedForAreRefused() {
        session();
        for (Air.Flight flight : List.copyOf(air.captured)) {
            air.deliver(new Air.Flight(b.address, a.address, flight.packet()));
        }
        assertThat(a.heard).isEmpty();
        assertThat(a.refused).containsOnly(PacketRefusal.REPLAY, PacketRefusal.MAC);
    }

    /** A packet as whoever has the key can make it in another's name. */
    private Air.Flight forged(Air.Station from, Air.Station to, long sequence) {
        Key key = Key.published("key");
        Envelope.Header header = new Envelope.Header(Envelope.Type.MESSAGE, key, from.boot, to.boot, sequence);
        byte[] packet =
                new Envelope().seal(header, key.pair(from.boot, to.boot), "forged".getBytes(StandardCharsets.UTF_8));
        return new Air.Flight(from.address, to.address, packet);
    }

    @Test
    void onePacketFarAheadDoesNotShutTheWindow() {
        session();
        for (long ahead : new long[] {Window.MAX_STEP + 100L, 1L << 32, Long.MAX_VALUE}) {
            air.deliver(forged(a, b, ahead));
            air.settle();
            a.say(b, "after " + ahead);
            air.settle();
            assertThat(b.heard).containsExactly("101 after " + ahead);
            b.heard.clear();
        }
        assertThat(b.refused).containsOnly(PacketRefusal.NO_SESSION);
    }

    @Test
    void whoHasReallySentSoMuchToOthersIsHeardAgainAfterOneQuestion() {
        session();
        a.sessions.reach(b.address, b.boot, air.now, new Waiting() {
            @Override
            public void up(Session session) {
                for (int i = 0; i <= Window.MAX_STEP; i++) {
                    a.sessions.seal(session, new byte[0]);
                }
            }

            @Override
            public void lost(String why) {
                throw new AssertionError(why);
            }
        });
        List<Air.Flight> before = captured();
        a.say(b, "heard");
        air.settle();
        assertThat(air.types()).containsExactly("MESSAGE", "CHALLENGE", "CONFIRM", "MESSAGE");
        b.say(a, "and back");
        air.settle();
        assertThat(b.heard).containsExactly("101 heard");
        assertThat(a.heard).containsExactly("202 and back");
        captured();
        replayToB(before);
        assertThat(b.heard).isEmpty();
        assertThat(air.captured).isEmpty();
    }

    @Test
    void aSessionThatWasForgottenIsOpenedAnew() {
        session();
        for (int i = 0; i < Sessions.MAX_SESSIONS; i++) {
            Air.Station other = air.station(3, 100_000 + i, "key");
            air.now += TimeUnit.SECONDS.toNanos(1);
            other.say(b, "x");
            air.settle();
        }
        air.captured.clear();
        b.heard.clear();
        a.say(b, "dropped, for a had shown that it knows b");
        air.settle();
        assertThat(air.types()).containsExactly("MESSAGE", "CHALLENGE", "CONFIRM", "MESSAGE");
        assertThat(b.heard).hasSize(1);
        List<Air.Flight> all = captured();
        replayToB(all);
        assertThat(b.heard).isEmpty();
    }
}
