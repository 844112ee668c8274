package io.onlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.peer.Claims;
import io.onlink.peer.PeerView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusTest {
    @ParameterizedTest
    @CsvSource({
        "true,  true,  0, 0, true",
        "true,  true,  3, 3, true",
        "true,  true,  3, 2, false",
        "false, true,  0, 0, false",
        "true,  false, 3, 3, false",
    })
    void readyIsATunnelAWholeViewAndEveryRoute(
            boolean tunnel, boolean view, int desired, int installed, boolean ready) {
        Status status = new Status(tunnel, view, desired, installed, 0, PeerView.EMPTY, 0, "", 0);
        assertThat(status.ready()).isEqualTo(ready);
    }

    @Test
    void itReadsAsAPersonAsks() {
        PeerView view = PeerView.of(
                Claims.atA(), Claims.of("b 172.16.165.244 10.42.2.0/24 10.42.22.0/24\nc 127.0.0.1 10.42.3.0/24"));
        Status status = new Status(true, true, 2, 1, 0, view, 0, "ip route add 10.42.2.0/24: EEXIST", 0);
        assertThat(status.text()).isEqualTo("""
                tunnel  up
                view    complete
                routes  1 of 2
                trouble ip route add 10.42.2.0/24: EEXIST
                peer    b 172.16.165.244 [10.42.2.0/24, 10.42.22.0/24]
                refused c: node IP 127.0.0.1 is no unicast address
                """);
    }

    @Test
    void beforeTheFirstPassItIsNotReadyAndSaysSo() {
        assertThat(Status.STARTING.ready()).isFalse();
        assertThat(Status.STARTING.text()).isEqualTo("""
                tunnel  down
                view    waiting for a seed
                routes  0 of 0
                trouble starting
                """);
    }
}
