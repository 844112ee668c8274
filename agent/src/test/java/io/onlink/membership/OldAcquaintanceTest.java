package io.onlink.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.inet.Ipv4;
import io.onlink.peer.Advertisement;
import io.onlink.peer.Claims;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OldAcquaintanceTest {
    private static final Endpoint SELF = new Endpoint(Ipv4.parse("172.16.165.33"), 5114, 1);

    private static OldAcquaintance of(List<Advertisement> peers) {
        return new OldAcquaintance(peers, SELF, new Random(1));
    }

    @Test
    void someOfManyAreKnockedAtAndNeverThisNode() {
        List<Advertisement> many = IntStream.range(33, 133)
                .mapToObj(i -> Claims.one("n" + i + " 172.16.165." + i + " 10.42." + i + ".0/24"))
                .toList();
        assertThat(of(many).places())
                .hasSize(OldAcquaintance.MOST)
                .noneMatch(place -> place.ip().equals(SELF.ip()));
        assertThat(of(many.subList(0, 1)).places()).isEmpty();
        assertThat(of(many.subList(0, 1)).awaited()).isFalse();
    }

    @Test
    void theyAreAwaitedForAWhileAndKnockedAtUntilSomebodyIsHeard() {
        OldAcquaintance old = of(Claims.of("b 172.16.165.244 10.42.2.0/24"));
        assertThat(old.awaited()).isTrue();
        old.giveUp();
        assertThat(old.awaited()).isFalse();
        assertThat(old.places()).hasSize(1);
        assertThat(old.met()).hasSize(1);
        assertThat(old.places()).isEmpty();
        assertThat(old.met()).isEmpty();
    }
}
