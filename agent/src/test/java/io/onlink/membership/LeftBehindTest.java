package io.onlink.membership;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.onlink.inet.Ipv4;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LeftBehindTest {
    private final Logger log = (Logger) LoggerFactory.getLogger(LeftBehind.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final LeftBehind leftBehind = new LeftBehind();

    @BeforeEach
    void listen() {
        lines.start();
        log.addAppender(lines);
    }

    @AfterEach
    void stop() {
        log.detachAppender(lines);
    }

    private List<String> said() {
        List<String> said =
                lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
        lines.list.clear();
        return said;
    }

    private void packet(int host, long second) {
        leftBehind.packet(
                Endpoint.socket(new Ipv4(0x0a000000 + host), 1).getAddress(),
                0xc0ffee00,
                TimeUnit.SECONDS.toNanos(second));
    }

    private Map<String, Long> counts(long second) {
        return leftBehind.counts(TimeUnit.SECONDS.toNanos(second));
    }

    @Test
    void oneAddressIsNamedOnceAMinute() {
        for (int second = 0; second < 120; second++) {
            packet(1, second);
        }
        assertThat(said())
                .containsExactly(
                        "10.0.0.1 seals its gossip with key c0ffee00, which is not in our key file (1 packets so far"
                                + " thrown away); give both the same keys",
                        "10.0.0.1 seals its gossip with key c0ffee00, which is not in our key file (61 packets so far"
                                + " thrown away); give both the same keys");
    }

    @Test
    void manyForgedAddressesMakeFewLinesAndAreAllCounted() {
        for (int second = 0; second < 60; second++) {
            for (int host = 1; host <= 1000; host++) {
                packet(host, second);
            }
        }
        assertThat(said()).hasSize(LeftBehind.MAX_NAMED + 1).last().asString().startsWith("more nodes seal");
        assertThat(counts(60)).hasSize(LeftBehind.MAX_PEERS).containsEntry("10.0.0.200", 60L);
        packet(100, 60);
        assertThat(said()).singleElement().asString().startsWith("10.0.0.100 seals");
    }

    @Test
    void anAddressIsForgottenAnHourAfterItsLastPacket() {
        packet(1, 0);
        packet(2, 0);
        packet(2, 1800);
        assertThat(counts(3599)).containsOnlyKeys("10.0.0.1", "10.0.0.2");
        assertThat(counts(3600)).containsExactly(Map.entry("10.0.0.2", 2L));
        assertThat(counts(5400)).isEmpty();
    }

    @Test
    void forgottenAddressesMakeRoomForOthersThoughNobodyReadsTheCounts() {
        for (int host = 1; host <= LeftBehind.MAX_PEERS; host++) {
            packet(host, host < 200 ? 0 : 3000);
        }
        packet(300, 3599);
        packet(301, 3600);
        assertThat(counts(3600)).doesNotContainKey("10.0.1.44").containsEntry("10.0.1.45", 1L);
    }
}
