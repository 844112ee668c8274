package io.onlink.history;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.onlink.history.Entry.What;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class HistoryTest {
    private final History history = new History(InstantSource.fixed(Instant.parse("2026-01-02T03:04:05.250Z")));

    @Test
    void aFreshOneSaysThatNothingHappened() {
        assertThat(history.text()).isEqualTo("nothing has changed since the agent started\n");
        assertThat(history.json()).isEqualTo("[]\n");
    }

    @Test
    void entriesAreLinesAndObjects() {
        history.add(What.JOINED, "b", "peer b joined", Map.of("node_ip", "172.16.165.244"));
        history.add(What.REFUSED, "c", "a \"b\"\\\n", Map.of());
        assertThat(history.text()).isEqualTo("""
                2026-01-02T03:04:05Z  peer b joined
                2026-01-02T03:04:05Z  a "b"\\

                """);
        assertThat(history.json()).isEqualTo("""
                [{"number":1,"time":"2026-01-02T03:04:05.250Z","change":"joined","peer":"b","text":"peer b joined",\
                "details":{"node_ip":"172.16.165.244"}},
                {"number":2,"time":"2026-01-02T03:04:05.250Z","change":"refused","peer":"c","text":"a \\"b\\"\\\\\\u000a",\
                "details":{}}]
                """);
    }

    @Test
    void onlyTheLast256AreKeptAndNoneIsLong() {
        for (int i = 0; i < 300; i++) {
            history.add(What.JOINED, "b", "n".repeat(5000), Map.of("subnets", "s".repeat(5000)));
        }
        assertThat(history.entries()).hasSize(256);
        assertThat(history.entries().get(0).number()).isEqualTo(45);
        assertThat(history.entries()).allMatch(entry -> entry.text().length() == 512);
        assertThat(history.entries())
                .allMatch(entry -> entry.details().getOrDefault("subnets", "").length() == 512);
        assertThat(history.json().length()).isLessThan(512 * 1024);
    }

    @Test
    void eachIsLoggedWithKeysAndValues() {
        Logger logger = (Logger) LoggerFactory.getLogger(History.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        logger.setLevel(ch.qos.logback.classic.Level.INFO);
        try {
            history.add(What.DIED, "b", "peer b died", Map.of("node_ip", "172.16.165.244"));
        } finally {
            logger.detachAppender(lines);
            logger.setLevel(null);
        }
        assertThat(lines.list).singleElement().satisfies(line -> {
            assertThat(line.getFormattedMessage()).isEqualTo("peer b died");
            assertThat(line.getKeyValuePairs())
                    .extracting(pair -> pair.key + "=" + pair.value)
                    .containsExactly("change=died", "peer=b", "node_ip=172.16.165.244");
        });
    }
}
