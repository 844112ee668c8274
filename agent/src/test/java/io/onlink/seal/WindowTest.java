package io.onlink.seal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WindowTest {
    @Test
    void everyNumberCountsOnceWhateverTheOrder() {
        Random random = new Random(1);
        for (int round = 0; round < 20; round++) {
            long start = random.nextInt(10_000);
            Window window = new Window(start);
            Set<Long> taken = new HashSet<>();
            long highest = start;
            for (int i = 0; i < 20_000; i++) {
                long number = Math.max(1, highest + (random.nextInt(50) == 0 ? 6000 : 10) - random.nextInt(5000));
                boolean expected = number > start && number > highest - Window.SIZE && !taken.contains(number);
                assertThat(window.fresh(number))
                        .as("%d after %d", number, highest)
                        .isEqualTo(expected);
                if (expected) {
                    window.take(number);
                    taken.add(number);
                    highest = Math.max(highest, number);
                }
            }
        }
    }

    @Test
    void oneStepIsBounded() {
        Window window = new Window(7);
        assertThat(window.near(1)).isTrue();
        assertThat(window.near(7 + Window.MAX_STEP)).isTrue();
        assertThat(window.near(8 + Window.MAX_STEP)).isFalse();
        assertThat(window.near(Long.MAX_VALUE)).isFalse();
    }

    @Test
    void whatIsTooOldToTellDoesNotCount() {
        Window window = new Window(7);
        assertThat(window.fresh(7)).isFalse();
        window.take(7 + 2L * Window.SIZE);
        assertThat(window.fresh(8 + Window.SIZE)).isTrue();
        assertThat(window.fresh(7 + Window.SIZE)).isFalse();
        assertThat(window.fresh(Long.MAX_VALUE)).isTrue();
    }
}
