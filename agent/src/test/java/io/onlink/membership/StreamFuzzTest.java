package io.onlink.membership;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.onlink.seal.Session;
import io.onlink.seal.Waiting;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;

/**
 * Any bytes over a connection to a member, cut anywhere.
 *
 * <p>The input is a list of pieces, each with a byte that says what it is and two that give its length: bytes as they
 * are, a member's opening packet, or a text that a member seals. Nothing may be thrown or written to the connection.
 */
class StreamFuzzTest {
    private static final List<Frame> HEARD = new ArrayList<>();
    private static Transport target;
    private static Transport member;
    private static Session session;

    private static void meet() throws Exception {
        if (session != null) {
            return;
        }
        int port = Node.freePort();
        target = new Transport(Node.settings(Node.claim(1, 101, 1, port)), new Traffic(), HEARD::add);
        member = new Transport(Node.settings(Node.claim(2, 102, 1, port)), new Traffic(), frame -> {});
        target.open();
        member.open();
        InetSocketAddress there = new InetSocketAddress("127.0.1.1", port);
        CompletableFuture<Session> met = new CompletableFuture<>();
        member.loop()
                .execute(() -> member.sessions.reach(there, 101, System.nanoTime(), new Waiting() {
                    @Override
                    public void up(Session up) {
                        met.complete(up);
                    }

                    @Override
                    public void lost(String why) {
                        met.completeExceptionally(new TimeoutException(why));
                    }
                }));
        session = met.get(5, TimeUnit.SECONDS);
    }

    @AfterAll
    static void closeBoth() {
        if (session != null) {
            target.close();
            member.close();
            session = null;
        }
    }

    @FuzzTest(maxDuration = "10m")
    void pieces(byte[] input) throws Exception {
        meet();
        HEARD.clear();
        InboundStream stream = new InboundStream(target);
        Connection connection = new Connection();
        connection.pipeline().addLast(stream);
        ByteBuf received = Unpooled.buffer();
        ByteBuffer in = ByteBuffer.wrap(input);
        boolean sealed = false;
        try {
            while (in.remaining() >= 3 && connection.isOpen()) {
                int way = in.get() & 3;
                byte[] bytes = new byte[Math.min(in.getShort() & 0xffff, in.remaining())];
                in.get(bytes);
                sealed |= way >= 2;
                received.writeBytes(way < 2 ? bytes : framed(way == 2 ? opener() : seal(bytes)));
                decode(stream, connection.pipeline().firstContext(), received);
            }
            assertThat(HEARD.isEmpty() || sealed)
                    .as("nothing is heard of strangers")
                    .isTrue();
            assertThat(connection.outboundMessages()).as("what was written").isEmpty();
        } finally {
            received.release();
            var unused = connection.close();
        }
    }

    /** As Netty calls it, but without its net for what is thrown. */
    private static void decode(InboundStream stream, ChannelHandlerContext context, ByteBuf received) {
        int before = -1;
        while (context.channel().isOpen() && received.isReadable() && received.readerIndex() != before) {
            before = received.readerIndex();
            stream.decode(context, received, new ArrayList<>());
        }
        received.discardReadBytes();
    }

    private static byte[] opener() throws Exception {
        return member.loop().submit(() -> member.sessions.opener(session)).get();
    }

    private static byte[] seal(byte[] text) throws Exception {
        return member.loop().submit(() -> member.sessions.seal(session, text)).get();
    }

    private static byte[] framed(byte[] packet) {
        byte[] frame =
                Arrays.copyOf(ByteBuffer.allocate(4).putInt(packet.length).array(), 4 + packet.length);
        System.arraycopy(packet, 0, frame, 4, packet.length);
        return frame;
    }

    /** A connection of a host. */
    private static final class Connection extends EmbeddedChannel {
        @Override
        protected SocketAddress remoteAddress0() {
            return new InetSocketAddress("192.0.2.1", 40000);
        }
    }
}
