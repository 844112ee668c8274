package io.onlink.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Connections of a stranger, as fast as it can open them, while members talk and another joins. */
@Tag("netns")
@Timeout(120)
class ConnectionFloodIT {
    @TempDir
    private Path work;

    @Test
    void aFloodOfConnectionsKeepsNoMemberOut() throws Exception {
        try (Siege siege = new Siege(work)) {
            siege.watch();
            flood(siege);
        }
    }

    private static void flood(Siege siege) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        FutureTask<Integer> flood =
                Inside.begin(siege.net.ns(Siege.ATTACKER), () -> connectionsUntil(over, new ArrayDeque<>()));
        await().atMost(Siege.SOON).until(() -> siege.refused("connection") > 100);
        siege.assertUnmoved();
        long begun = System.nanoTime();
        siege.agents[Siege.LATE] = siege.start(Siege.LATE);
        siege.net.awaitRoutes(1, siege.net.routesTo(2, Siege.LATE));
        siege.net.awaitRoutes(Siege.LATE, siege.net.routesTo(1, 2));
        long joined = System.nanoTime() - begun;
        over.set(true);
        System.out.printf(
                "measured flood: %d connections, a member joined meanwhile in %d ms%n",
                flood.get(), joined / 1_000_000);
        assertThat(Duration.ofNanos(joined)).isLessThan(Duration.ofSeconds(20));
        assertThat(siege.metric(1, "onlink_members{state=\"alive\"}")).isEqualTo(2);
    }

    /** Opens connections to host 1, and holds the last two hundred, till it is over. */
    private static int connectionsUntil(AtomicBoolean over, ArrayDeque<Socket> held) throws IOException {
        int opened = 0;
        while (!over.get()) {
            try {
                held.add(StreamAttackIT.connected());
                opened++;
            } catch (SocketException | SocketTimeoutException refused) {
                assertThat(over.get() || opened > 0)
                        .as("the first gets through")
                        .isTrue();
            }
            if (held.size() > 200) {
                held.remove().close();
            }
        }
        for (Socket socket : held) {
            socket.close();
        }
        return opened;
    }
}
