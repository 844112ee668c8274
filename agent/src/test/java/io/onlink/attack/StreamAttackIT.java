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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Connections of a stranger: silent, trickling, too long, replayed. None is answered by a byte. */
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

    static Socket connected() throws IOException {
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
    void noConnectionOfAStrangerIsAnsweredAndNoneStays() throws Exception {
        silentHalfOpenAndTricklingOnesAreClosedInTime();
        lengthsOverTheLimitAndPacketsHeardOnTheWireAreClosedAtOnce();
        siege.assertUnmoved();
    }

    private void silentHalfOpenAndTricklingOnesAreClosedInTime() throws Exception {
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
    }

    private void lengthsOverTheLimitAndPacketsHeardOnTheWireAreClosedAtOnce() throws Exception {
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
    }
}
