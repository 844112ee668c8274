package io.onlink.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a question that was lost is asked again. */
@Timeout(60)
class AgainTest {
    /** Quick questions, after which one is asked only each second. */
    private static final int QUICK = 5;

    private final int port = Node.freePort();

    private Endpoint at(int n) {
        return new Endpoint(Node.claim(n, 1, 1, port).nodeIp(), port, 0);
    }

    private DatagramSocket silent(int n) throws IOException {
        DatagramSocket socket = new DatagramSocket(at(n).socket());
        socket.setSoTimeout(5000);
        return socket;
    }

    private static void await(DatagramSocket silent, int questions) throws IOException {
        for (int i = 0; i < questions; i++) {
            silent.receive(new DatagramPacket(new byte[1400], 1400));
        }
    }

    /** Milliseconds from the first question to the third, while another is asked each second only. */
    private long quickly() throws Exception {
        Transport one = new Transport(Node.settings(Node.claim(1, 101, 1, port)), new Traffic(), frame -> {});
        try (DatagramSocket slow = silent(9);
                DatagramSocket quick = silent(7)) {
            one.open();
            one.send(at(9), Frame.oneWay(Subject.MEMBERSHIP, new byte[1]), lost -> {});
            await(slow, QUICK);
            one.send(at(7), Frame.oneWay(Subject.MEMBERSHIP, new byte[1]), lost -> {});
            await(quick, 1);
            long first = System.nanoTime();
            await(quick, 2);
            return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - first);
        } finally {
            one.close();
        }
    }

    /** On a busy machine one try may be late; put off, every one is. */
    @Test
    void isNotPutOffByAnotherThatIsAskedSlowlyAlready() throws Exception {
        long least = Long.MAX_VALUE;
        for (int tries = 0; tries < 5 && least >= 900; tries++) {
            least = Math.min(least, quickly());
        }
        assertThat(least).isLessThan(900);
    }
}
