package io.onlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpacingTest {
    private final Spacing spacing = new Spacing();

    private static long ms(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }

    @Test
    void theFirstNotificationIsNeverHeldUp() {
        assertThat(spacing.pause(ms(0))).isZero();
        assertThat(spacing.after(false, ms(1), ms(1000))).isFalse();
        assertThat(spacing.pause(ms(1020))).isZero();
    }

    @Test
    void aRivalIsAnsweredMoreAndMoreSlowlyAndNamedOnce() {
        List<Long> pauses = new ArrayList<>();
        int named = 0;
        long now = 0;
        for (int i = 0; i < 9; i++) {
            named += spacing.after(true, ms(1), now) ? 1 : 0;
            pauses.add(spacing.pause(now) / 1_000_000);
            now += spacing.pause(now);
        }
        assertThat(pauses).containsExactly(20L, 40L, 80L, 160L, 320L, 640L, 1000L, 1000L, 1000L);
        assertThat(named).isEqualTo(1);
    }

    @Test
    void aQuietTimeForgetsTheRival() {
        spacing.after(true, ms(1), ms(0));
        spacing.after(true, ms(1), ms(10));
        spacing.after(true, ms(1), ms(6000));
        assertThat(spacing.pause(ms(6000))).isEqualTo(ms(20));
    }

    @Test
    void aPassTakesAFifthOfTheTimeAtMost() {
        spacing.after(false, ms(50), ms(1000));
        assertThat(spacing.pause(ms(1000))).isEqualTo(ms(200));
    }
}
