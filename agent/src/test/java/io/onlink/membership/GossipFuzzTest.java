package io.onlink.membership;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.onlink.inet.Ipv4;
import io.onlink.swim.Bytes;
import io.onlink.swim.Contact;
import io.onlink.swim.Member;
import io.onlink.swim.Message;
import io.onlink.swim.State;
import io.onlink.swim.Swim;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Any bytes as messages of members to a member, which takes them in: a list of messages, each with a byte that says
 * whose it is and how long after the last it comes, and two that give its length. Whatever they are, the member goes
 * on, holds itself alive, and says nothing that the others' reader would refuse.
 */
class GossipFuzzTest {
    private static final GossipCodec CODEC = new GossipCodec(true);

    private static final Contact SELF = at(1);

    private static Contact at(int n) {
        return new Contact(Ipv4.parse("172.31.7." + n), 5114, n);
    }

    @FuzzTest(maxDuration = "10m")
    void messages(byte[] input) throws MalformedGossipException {
        long now = TimeUnit.HOURS.toNanos(1);
        Bytes token = Bytes.of(new byte[Bytes.TOKEN_LENGTH]);
        Swim swim = new Swim(now, SELF, Bytes.of(new byte[] {1}), token, new SplittableRandom(1));
        ByteBuffer in = ByteBuffer.wrap(input);
        while (in.remaining() >= 3) {
            int way = in.get() & 0xff;
            byte[] bytes = new byte[Math.min(in.getShort() & 0xffff, in.remaining())];
            in.get(bytes);
            now += TimeUnit.MILLISECONDS.toNanos(way >> 2) * 16;
            if (swim.deadline() - now <= 0) {
                swim.tick(now);
            }
            take(swim, now, at(1 + (way & 3)), bytes);
            say(swim);
            assertThat(swim.self().state()).isEqualTo(State.ALIVE);
            assertThat(swim.self().incarnation()).isLessThan(Member.MAX_INCARNATION);
        }
    }

    private static void take(Swim swim, long now, Contact from, byte[] bytes) throws MalformedGossipException {
        Message message;
        try {
            message = CODEC.decode(bytes);
        } catch (MalformedGossipException refused) {
            assertThat(refused.getMessage()).isNotEmpty();
            return;
        }
        assertThat(CODEC.decode(GossipCodec.encode(message))).isEqualTo(message);
        swim.receive(now, from, message);
    }

    private static void say(Swim swim) throws MalformedGossipException {
        for (var send : swim.drain()) {
            byte[] text = FrameCodec.encode(Frame.oneWay(Subject.MEMBERSHIP, GossipCodec.encode(send.message())));
            try {
                byte[] payload = FrameCodec.decode(text).payload;
                assertThat(CODEC.decode(payload)).isEqualTo(send.message());
            } catch (MalformedFrameException e) {
                throw new AssertionError(e);
            }
        }
    }
}
