package io.onlink.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.inet.Ipv4;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LostTest {
    private final Lost lost = new Lost();

    private static Endpoint host(int n) {
        return new Endpoint(new Ipv4(0x0a000000 + n), 5114, n);
    }

    @Test
    void eachLostPlaceHasItsTurn() {
        for (int n = 1; n <= 10; n++) {
            lost.add(host(n), 0);
        }
        Set<Endpoint> knocked = new HashSet<>();
        for (int round = 0; round < 3; round++) {
            List<Endpoint> due = lost.due(List.of(), 1);
            assertThat(due).hasSize(Lost.PER_ROUND);
            knocked.addAll(due);
        }
        assertThat(knocked).hasSize(10);
    }

    @Test
    void whoIsBackOrLostForAnHourIsForgotten() {
        lost.add(host(1), 0);
        lost.add(host(2), 0);
        assertThat(lost.due(List.of(host(1).anyBoot()), 1)).containsExactly(host(2).anyBoot());
        assertThat(lost.due(List.of(), TimeUnit.HOURS.toNanos(2))).isEmpty();
    }

    @Test
    void theLongestLostGoesFirstWhenThereAreTooMany() {
        for (int n = 1; n <= Lost.MAX + 1; n++) {
            lost.add(host(n), 0);
        }
        Set<Endpoint> knocked = new HashSet<>();
        for (int round = 0; round < Lost.MAX; round++) {
            knocked.addAll(lost.due(List.of(), 1));
        }
        assertThat(knocked).hasSize(Lost.MAX).doesNotContain(host(1).anyBoot());
    }
}
