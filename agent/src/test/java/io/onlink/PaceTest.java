package io.onlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PaceTest {
    private final Pace pace = new Pace();

    private static long ms(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }

    @Test
    void theFirstNotificationIsNeverHeldUp() {
        assertThat(pace.pause(ms(0))).isZero();
        assertThat(pace.after(false, ms(1), ms(1000))).isFalse();
        assertThat(pace.pause(ms(1020))).isZero();
    }

    @Test
    void aRivalIsAnsweredMoreAndMoreSlowlyAndNamedOnce() {
        List<Long> pauses = new ArrayList<>();
        int named = 0;
        long now = 0;
        for (int i = 0; i < 9; i++) {
            named += pace.after(true, ms(1), now) ? 1 : 0;
            pauses.add(pace.pause(now) / 1_000_000);
            now += pace.pause(now);
        }
        assertThat(pauses).containsExactly(20L, 40L, 80L, 160L, 320L, 640L, 1000L, 1000L, 1000L);
        assertThat(named).isEqualTo(1);
    }

    @Test
    void aQuietTimeForgetsTheRival() {
        pace.after(true, ms(1), ms(0));
        pace.after(true, ms(1), ms(10));
        pace.after(true, ms(1), ms(6000));
        assertThat(pace.pause(ms(6000))).isEqualTo(ms(20));
    }

    @Test
    void aPassTakesAFifthOfTheTimeAtMost() {
        pace.after(false, ms(50), ms(1000));
        assertThat(pace.pause(ms(1000))).isEqualTo(ms(200));
    }
}
