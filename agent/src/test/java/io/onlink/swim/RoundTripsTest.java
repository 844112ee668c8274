package io.onlink.swim;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.swim.Mesh.Host;
import org.junit.jupiter.api.Test;

/** How long answers may take, in milliseconds of virtual time. */
class RoundTripsTest {
    private final RoundTrips trips = new RoundTrips();
    private int seq;

    private void answer(long millis) {
        trips.sent(0, ++seq, 7);
        trips.back(millis * Mesh.MILLI, seq, 7);
    }

    private long allowance() {
        return trips.allowance() / Mesh.MILLI;
    }

    @Test
    void itIsThreeTimesTheFirstRoundTripAndNearlyTheOnlyOneAfterManyOfTheSame() {
        assertThat(allowance()).isZero();
        answer(100);
        assertThat(allowance()).isEqualTo(300);
        for (int i = 0; i < 30; i++) {
            answer(100);
        }
        assertThat(allowance()).isEqualTo(100);
    }

    @Test
    void theFirstAnswerThatIsLateLetsAllOthersBeLate() {
        for (int i = 0; i < 100; i++) {
            answer(1);
        }
        answer(2400);
        assertThat(allowance()).isGreaterThan(2400);
        for (int i = 0; i < 40; i++) {
            answer(1);
        }
        assertThat(allowance()).isLessThan(100);
    }

    @Test
    void anAnswerAfterFiveSecondsSaysNothingOfTheWay() {
        answer(1);
        answer(5001);
        assertThat(allowance()).isEqualTo(3);
    }

    @Test
    void anAnswerCountsOnceAndOfTheOneWhoWasAskedAlone() {
        trips.sent(0, 1, 7);
        trips.back(900 * Mesh.MILLI, 1, 8);
        trips.back(100 * Mesh.MILLI, 1, 7);
        trips.back(900 * Mesh.MILLI, 1, 7);
        assertThat(allowance()).isEqualTo(300);
    }

    @Test
    void whatWasAskedBeforeThisNodeStoodStillDoesNotCount() {
        trips.sent(0, 1, 7);
        trips.forget();
        trips.back(900 * Mesh.MILLI, 1, 7);
        assertThat(allowance()).isZero();
    }

    @Test
    void onlySoManyQuestionsAreRemembered() {
        for (int i = 0; i <= RoundTrips.MAX; i++) {
            trips.sent(0, i, 7);
        }
        trips.back(Mesh.MILLI, 0, 7);
        assertThat(allowance()).isZero();
        trips.back(Mesh.MILLI, 1, 7);
        assertThat(allowance()).isEqualTo(3);
    }

    /** 1.2 s each way, which no probe waits for. */
    @Test
    void aNetworkThatGrowsLateIsKnownToBeLateBeforeAnybodyIsGivenUpAndNotLongAfter() {
        Mesh mesh = new Mesh(42);
        mesh.joined(5);
        assertThat(mesh.until(10_000, mesh::whole)).isNotNegative();
        mesh.run(30_000);
        assertThat(mesh.hosts).allMatch(host -> allowance(host) < 1500);
        mesh.leastDelay = 900 * Mesh.MILLI;
        mesh.mostDelay = 1500 * Mesh.MILLI;
        assertThat(mesh.until(
                        20_000,
                        () -> mesh.hosts.stream().anyMatch(host -> host.sees().size() < 4)))
                .isNotNegative();
        assertThat(mesh.hosts).filteredOn(host -> host.sees().size() < 4).allMatch(host -> allowance(host) > 2400);
        mesh.leastDelay = Mesh.MILLI;
        mesh.mostDelay = 2 * Mesh.MILLI;
        mesh.run(30_000);
        assertThat(mesh.hosts).allMatch(host -> allowance(host) < 1500);
    }

    private static long allowance(Host host) {
        return host.swim.allowance() / Mesh.MILLI;
    }
}
