package io.onlink.swim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LagTest {
    private static final long SECOND = 1_000_000_000;

    private final Lag lag = new Lag();

    @Test
    void theWorstDelayIsShownForAtLeastHalfAMinuteAndAtMostAWhole() {
        long start = 100 * SECOND;
        lag.late(start, 1_000);
        lag.late(start + SECOND, 7_000);
        lag.late(start + 2 * SECOND, 2_000);
        assertThat(lag.worst(start + 3 * SECOND)).isEqualTo(7_000);
        assertThat(lag.worst(start + 31 * SECOND)).isEqualTo(7_000);
        assertThat(lag.worst(start + 61 * SECOND)).isZero();
    }

    @Test
    void oneThatIsReadTwiceIsSeenTwice() {
        lag.late(100 * SECOND, 5);
        assertThat(lag.worst(101 * SECOND)).isEqualTo(lag.worst(102 * SECOND)).isEqualTo(5);
    }

    @Test
    void whoeverWokeEarlyIsNotLate() {
        lag.late(100 * SECOND, -5);
        assertThat(lag.worst(100 * SECOND)).isZero();
    }

    @Test
    void whatIsLongPastIsForgottenThoughNobodyLooked() {
        lag.late(100 * SECOND, 5);
        assertThat(lag.worst(1000 * SECOND)).isZero();
    }
}
