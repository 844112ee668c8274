package io.onlink.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.inet.Ipv4;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private static final int LONGEST = FrameCodec.MAX_FRAME - Backlog.OVERHEAD;

    private final Backlog backlog = new Backlog();

    private static Endpoint peer(int n) {
        return new Endpoint(new Ipv4(0x0a000000 + n), 5114, n);
    }

    @Test
    void twoOfTheLongestFramesWaitForOneAndFourForAll() {
        assertThat(backlog.add(peer(1), LONGEST)).isTrue();
        assertThat(backlog.add(peer(1), LONGEST)).isTrue();
        assertThat(backlog.add(peer(1), 0)).isFalse();
        assertThat(backlog.add(peer(2), LONGEST)).isTrue();
        assertThat(backlog.add(peer(3), LONGEST)).isTrue();
        assertThat(backlog.add(peer(4), 0)).isFalse();
        backlog.remove(peer(1), LONGEST);
        assertThat(backlog.add(peer(4), LONGEST)).isTrue();
    }

    @Test
    void manyShortFramesCountForWhatTheyReallyTake() {
        int taken = 0;
        while (backlog.add(peer(taken), 0)) {
            taken++;
        }
        assertThat(taken).isEqualTo(Backlog.MAX_BYTES / Backlog.OVERHEAD);
        for (int i = 0; i < taken; i++) {
            backlog.remove(peer(i), 0);
        }
        assertThat(backlog.add(peer(1), LONGEST)).isTrue();
    }
}
