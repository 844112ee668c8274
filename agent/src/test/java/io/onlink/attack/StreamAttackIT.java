package io.onlink.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Connections of a stranger: silent, trickling, too long, replayed, and very many. None is answered by a byte. */
@Tag("netns")
@Timeout(180)
class StreamAttackIT {
    private static final Duration DEADLINE = Duration.ofSeconds(9);

    @TempDir
    private Path work;

    private Siege siege;

    @BeforeEach
    void meet() throws Exception {
        siege = new Siege(work);
        siege.watch();
    }

    @AfterEach
    void end() {
        siege.close();
    }

    private static Socket connected() throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(20);
        socket.connect(Stranger.TARGET, 2000);
        return socket;
    }

    /** Whether the agent has closed, without having sent a byte. */
    private static boolean closed(Socket socket) throws IOException {
        try {
            assertThat(socket.getInputStream().read())
                    .as("what a stranger is answered")
                    .isEqualTo(-1);
            return true;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (SocketException reset) {
            return true;
        }
    }

    private static void awaitClosed(Socket... sockets) {
        await().atMost(DEADLINE).until(() -> {
            for (Socket socket : sockets) {
                if (!closed(socket)) {
                    return false;
                }
            }
            return true;
        });
    }

    @Test
    void silentHalfOpenAndTricklingOnesAreClosedInTime() throws Exception {
        siege.attack(() -> {
            try (Socket silent = connected();
                    Socket half = connected();
                    Socket slow = connected()) {
                half.shutdownOutput();
                slow.getOutputStream().write(new byte[] {0, 0, 4, 0});
                await().atMost(DEADLINE).until(() -> {
                    try {
                        slow.getOutputStream().write(1);
                    } catch (SocketException gone) {
                        return true;
                    }
                    return closed(slow);
                });
                awaitClosed(silent, half);
            }
            return null;
        });
        assertThat(siege.refused("connection")).isGreaterThanOrEqualTo(2);
        siege.assertUnmoved();
    }

    @Test
    void lengthsOverTheLimitAndPacketsHeardOnTheWireAreClosedAtOnce() throws Exception {
        List<byte[]> frames = new ArrayList<>();
        for (int length : new int[] {-1, 0, 44, 1401, 1 << 20, 0x7fffffff}) {
            frames.add(ByteBuffer.allocate(4).putInt(length).array());
        }
        for (Wiretap.Heard heard : siege.tap.between(2, 1)) {
            byte[] packet = heard.bytes();
            frames.add(ByteBuffer.allocate(4 + packet.length)
                    .putInt(packet.length)
                    .put(packet)
                    .array());
        }
        long before = siege.refused("size", "replay");
        siege.attack(() -> {
            for (byte[] frame : frames) {
                try (Socket socket = connected()) {
                    socket.getOutputStream().write(frame);
                    awaitClosed(socket);
                }
            }
            return null;
        });
        assertThat(siege.refused("size", "replay") - before).isGreaterThanOrEqualTo(frames.size());
        siege.assertUnmoved();
    }

    @Test
    void aFloodOfConnectionsKeepsNoMemberOut() throws Exception {
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
                held.add(connected());
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
