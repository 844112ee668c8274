package io.onlink.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InboundStreamTest {
    private static final long NOTHING = -1;

    private final Transport transport =
            new Transport(Node.settings(Node.claim(1, 101, 1, Node.freePort())), new Traffic(), frame -> {});

    @AfterEach
    void close() {
        transport.close();
    }

    /** A connection of a host. */
    private static final class Connection extends EmbeddedChannel {
        @Override
        protected SocketAddress remoteAddress0() {
            return new InetSocketAddress("192.0.2.1", 40000);
        }
    }

    @Test
    void aStrangersTimeRunsWhileItsConnectionIsOpen() {
        Connection connection = new Connection();
        connection.pipeline().addLast(new InboundStream(transport));
        assertThat(connection.runScheduledPendingTasks())
                .isBetween(1L, TimeUnit.SECONDS.toNanos(InboundStream.STRANGER_SECONDS));
        var unused = connection.close();
    }

    /** Else a flood of connections, each closed at once, would stay in memory for seconds. */
    @Test
    void nothingIsKeptOfAConnectionThatIsClosed() {
        Connection connection = new Connection();
        connection.pipeline().addLast(new InboundStream(transport));
        connection.writeInbound(Unpooled.buffer().writeInt(-1));
        assertThat(connection.isOpen()).isFalse();
        assertThat(connection.runScheduledPendingTasks()).isEqualTo(NOTHING);
    }
}
