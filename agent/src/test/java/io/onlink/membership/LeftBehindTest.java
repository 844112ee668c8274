package io.onlink.membership;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.onlink.inet.Ipv4;
import java.util.List;
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
        assertThat(leftBehind.counts()).hasSize(LeftBehind.MAX_PEERS).containsEntry("10.0.0.200", 60L);
        packet(100, 60);
        assertThat(said()).singleElement().asString().startsWith("10.0.0.100 seals");
    }
}
