package io.onlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final long NOW = Duration.ofSeconds(1000).toNanos();
    private static final Duration RESYNC = Duration.ofSeconds(30);

    /** The longest waits that jitter allows, in milliseconds, after so many failures in a row. */
    private static double wait(Schedule schedule, boolean settled) {
        schedule.after(settled, NOW);
        return (schedule.next() - NOW) / 1e6;
    }

    @Test
    void theFirstPassIsDueAtOnce() {
        assertThat(new Schedule(RESYNC, new Random(1), NOW).next()).isEqualTo(NOW);
    }

    @Test
    void aSettledPassIsFollowedByAResyncNotInStepWithOthers() {
        Seeded.cases(200, random -> {
            Schedule schedule = new Schedule(RESYNC, random, NOW);
            assertThat(wait(schedule, true)).isBetween(22_500.0, 30_000.0);
        });
    }

    @Test
    void retriesDoubleFromHalfASecondUpToTheResync() {
        Seeded.cases(200, random -> {
            Schedule schedule = new Schedule(RESYNC, random, NOW);
            for (double longest : new double[] {500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000}) {
                assertThat(wait(schedule, false)).isBetween(longest * 0.75, longest);
            }
        });
    }

    @Test
    void afterADayOfFailuresTheWaitIsStillTheResync() {
        Schedule schedule = new Schedule(Duration.ofHours(1), new Random(1), NOW);
        for (int i = 0; i < 10_000; i++) {
            assertThat(wait(schedule, false)).isBetween(0.0, 3_600_000.0);
        }
        assertThat(wait(schedule, false)).isGreaterThan(2_000_000.0);
    }

    @Test
    void aSettledPassForgetsTheFailuresBefore() {
        Schedule schedule = new Schedule(RESYNC, new Random(1), NOW);
        for (int i = 0; i < 9; i++) {
            wait(schedule, false);
        }
        wait(schedule, true);
        assertThat(wait(schedule, false)).isLessThanOrEqualTo(500.0);
    }

    @Test
    void aNewWishForgetsThemToo() {
        Schedule schedule = new Schedule(RESYNC, new Random(1), NOW);
        for (int i = 0; i < 9; i++) {
            schedule.wants("b");
            wait(schedule, false);
        }
        schedule.wants("b");
        assertThat(wait(schedule, false)).isGreaterThan(20_000.0);
        schedule.wants("b and c");
        assertThat(wait(schedule, false)).isLessThanOrEqualTo(500.0);
    }

    @Test
    void aKernelThatCannotBeReadIsAskedEveryEightSecondsHoweverLongItHasRefusedSomethingBefore() {
        Schedule schedule = new Schedule(RESYNC, new Random(1), NOW);
        for (int i = 0; i < 9; i++) {
            wait(schedule, false);
        }
        for (double longest : new double[] {500, 1000, 2000, 4000, 8000, 8000, 8000}) {
            schedule.afterBroken(NOW);
            assertThat((schedule.next() - NOW) / 1e6).isBetween(longest * 0.75, longest);
        }
        assertThat(wait(schedule, false)).isGreaterThan(20_000.0);
        schedule.afterBroken(NOW);
        assertThat((schedule.next() - NOW) / 1e6).isLessThanOrEqualTo(500.0);
    }

    @Test
    void aResyncShorterThanTheFirstRetryBoundsTheRetries() {
        Schedule schedule = new Schedule(Duration.ofMillis(200), new Random(1), NOW);
        assertThat(wait(schedule, false)).isLessThanOrEqualTo(200.0);
    }
}
