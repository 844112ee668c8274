package io.onlink.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.route.LinkCounters;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcFilesTest {
    private static final List<String> DEV = """
            Inter-|   Receive                                                |  Transmit
             face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
                lo:     504       6    0    0    0     0          0         0      504       6    0    0    0     0       0          0
             tunl0: 1000 10 1 2 3 4 5 6 2000 20 7 8 9 11 12 13
              eth0:18446744073709551615 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0
            """.lines().toList();

    @Test
    void aTunnelsCollisionsAreItsLoops() {
        assertThat(ProcFiles.counters(DEV, "tunl0"))
                .isEqualTo(new LinkCounters(10, 1000, 1, 2, 20, 2000, 7, 8, 12, 11));
    }

    @Test
    void aNameWithNoBlankAfterItIsRead() {
        assertThat(ProcFiles.counters(DEV, "eth0").receivePackets()).isOne();
    }

    @Test
    void aMissingLinkHasCountedNothing() {
        assertThat(ProcFiles.counters(DEV, "tunl")).isEqualTo(LinkCounters.ZERO);
        assertThat(ProcFiles.counters(DEV, "face |bytes")).isEqualTo(LinkCounters.ZERO);
    }
}
