package io.onlink.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.onlink.inet.Ipv4;
import io.onlink.proto.v1.News;
import io.onlink.swim.Bytes;
import io.onlink.swim.Contact;
import io.onlink.swim.Member;
import io.onlink.swim.Message;
import io.onlink.swim.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GossipCodecTest {
    private static final GossipCodec CODEC = new GossipCodec(false);
    private static final Contact PLACE = new Contact(Ipv4.parse("172.16.165.33"), 5114, 0xc0ffee);
    private static final Bytes PROOF = Bytes.of("0123456789abcdef".getBytes(StandardCharsets.US_ASCII));
    private static final Member ALIVE =
            new Member(PLACE, 7, State.ALIVE, Bytes.of(new byte[] {1, 2, 3}), PROOF, List.of());
    private static final Member SUSPECT =
            new Member(PLACE, 7, State.SUSPECT, Bytes.EMPTY, Bytes.EMPTY, List.of(1L, -2L));
    private static final Member LEFT =
            new Member(PLACE, Member.MAX_INCARNATION, State.LEFT, Bytes.EMPTY, PROOF, List.of());

    static List<Message> messages() {
        return List.of(
                new Message.Ping(-1, List.of(SUSPECT)),
                new Message.Ack(5, -9, List.of(ALIVE, LEFT)),
                new Message.Nack(6),
                new Message.PingRequest(8, PLACE),
                new Message.News(List.of(ALIVE, SUSPECT, LEFT)),
                new Message.Digest(ALIVE, 5, List.of(-1L, 2L)),
                new Message.Records(-1, true, false, List.of(LEFT, ALIVE)),
                new Message.Records(1, false, true, List.of(ALIVE), true));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void whatIsEncodedIsDecoded(Message message) throws MalformedGossipException {
        assertThat(CODEC.decode(GossipCodec.encode(message))).isEqualTo(message);
    }

    @Test
    void anIdlePingAndItsAnswerAreSmall() {
        assertThat(GossipCodec.encode(new Message.Ping(-1, List.of()))).hasSize(7);
        assertThat(GossipCodec.encode(new Message.Ack(-1, -1, List.of()))).hasSize(16);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void bytesThatWereAlteredAreAMessageOrAreRefused(Message message) {
        byte[] good = GossipCodec.encode(message);
        Random random = new Random(42);
        for (int i = 0; i < 20_000; i++) {
            byte[] bad = Arrays.copyOf(good, random.nextInt(8) == 0 ? random.nextInt(good.length + 9) : good.length);
            for (int flips = 1 + random.nextInt(4); flips > 0 && bad.length > 0; flips--) {
                bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
            }
            decodeOrRefuse(bad);
        }
    }

    @Test
    void randomBytesAreRefused() {
        Random random = new Random(43);
        for (int i = 0; i < 50_000; i++) {
            byte[] junk = new byte[random.nextInt(200)];
            random.nextBytes(junk);
            decodeOrRefuse(junk);
        }
    }

    private static void decodeOrRefuse(byte[] bytes) {
        try {
            assertThat(CODEC.decode(bytes)).isNotNull();
        } catch (MalformedGossipException refused) {
            assertThat(refused).hasMessageMatching("(?s).+");
        }
    }

    private static void refused(io.onlink.proto.v1.Member.Builder member, String reason) {
        var gossip =
                io.onlink.proto.v1.Gossip.newBuilder().setNews(News.newBuilder().addNews(member));
        assertThatThrownBy(() -> CODEC.decode(gossip.build().toByteArray()))
                .isInstanceOf(MalformedGossipException.class)
                .hasMessageContaining(reason);
    }

    private static io.onlink.proto.v1.Member.Builder member() {
        return io.onlink.proto.v1.Member.newBuilder()
                .setContact(contact())
                .setIncarnation(1)
                .setProof(ByteString.copyFrom(PROOF.toArray()));
    }

    private static io.onlink.proto.v1.Contact.Builder contact() {
        return io.onlink.proto.v1.Contact.newBuilder()
                .setIp(0xac10a521)
                .setPort(5114)
                .setBoot(1);
    }

    @Test
    void everyLimitIsKept() {
        refused(member().setPayload(ByteString.copyFrom(new byte[1025])), "1025 bytes are more than 1024");
        refused(member().setProof(ByteString.copyFrom(new byte[17])), "17 bytes are more than 16");
        refused(member().clearProof(), "a proof of 0 bytes for a member ALIVE");
        refused(member().setIncarnation(-1), "incarnation -1 is not 0 to 281474976710656");
        refused(member().setIncarnation(Member.MAX_INCARNATION + 1), "is not 0 to 281474976710656");
        refused(member().setStateValue(4), "state 4 is unknown");
        refused(member().addAllAccusers(List.of(1L, 2L, 3L, 4L, 5L)), "5 accusers are more than 4");
        refused(member().setContact(contact().setPort(0)), "no member is at 172.16.165.33:0");
        refused(member().setContact(contact().setPort(65536)), "no member is at 172.16.165.33:65536");
        refused(member().setContact(contact().setBoot(0)), "no member is at 172.16.165.33:5114");
        refused(member().setContact(contact().setIp(0xe0000001)), "no member is at 224.0.0.1:5114");
        assertThatThrownBy(() -> CODEC.decode(new byte[0])).hasMessage("no message of this version");
    }

    @Test
    void aContactOnLoopbackIsReadByThoseAloneWhoAreThereThemselves() throws MalformedGossipException {
        Message there = new Message.PingRequest(8, new Contact(Ipv4.parse("127.0.0.1"), 22, 0xc0ffee));
        byte[] bytes = GossipCodec.encode(there);
        assertThat(new GossipCodec(true).decode(bytes)).isEqualTo(there);
        assertThatThrownBy(() -> CODEC.decode(bytes)).hasMessage("no member is at 127.0.0.1:22");
    }

    @Test
    void moreMembersThanAMessageMayHoldAreRefused() {
        News.Builder news = News.newBuilder();
        for (int i = 0; i <= Message.MAX_MEMBERS; i++) {
            news.addNews(member());
        }
        byte[] bytes =
                io.onlink.proto.v1.Gossip.newBuilder().setNews(news).build().toByteArray();
        assertThatThrownBy(() -> CODEC.decode(bytes)).hasMessage("4097 members are more than 4096");
    }

    /** Bytes of a message in which a field of that number holds as many copies of a part as a frame has room for. */
    private static byte[] stuffed(int field, int... part) {
        byte[] body = new byte[(FrameCodec.MAX_FRAME - 64) / part.length * part.length];
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) part[i % part.length];
        }
        return field(field, ByteString.copyFrom(body));
    }

    private static byte[] field(int number, ByteString content) {
        byte[] bytes = new byte[CodedOutputStream.computeBytesSize(number, content)];
        try {
            CodedOutputStream.newInstance(bytes).writeBytes(number, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes;
    }

    static List<Arguments> bombs() {
        return List.of(
                Arguments.of("empty members in news", stuffed(5, 0x0a, 0)),
                Arguments.of("members with an unknown field", stuffed(5, 0x0a, 2, 0x78, 0)),
                Arguments.of("members in a ping", stuffed(1, 0x12, 2, 0x78, 0)),
                Arguments.of("members in an ack", stuffed(2, 0x1a, 2, 0x78, 0)),
                Arguments.of("members in records", stuffed(7, 0x22, 2, 0x78, 0)),
                Arguments.of("unknown fields of one message", stuffed(5, 0x78, 0)),
                Arguments.of("one large unknown field", stuffed(99, 0)),
                Arguments.of("unknown groups", stuffed(5, 0x7b, 0x7c)),
                Arguments.of("members as numbers", stuffed(5, 0x08, 0)),
                Arguments.of("hashes, packed", stuffed(6, 0x1a, 8, 1, 2, 3, 4, 5, 6, 7, 8)),
                Arguments.of("hashes, one by one", stuffed(6, 0x19, 1, 2, 3, 4, 5, 6, 7, 8)),
                Arguments.of("own records with accusers", stuffed(6, 0x0a, 9, 0x31, 1, 2, 3, 4, 5, 6, 7, 8)));
    }

    @ParameterizedTest
    @MethodSource("bombs")
    void aFrameFullOfWhatNobodySendsIsRefusedBeforeItIsBuilt(String what, byte[] frame) {
        assertThat(frame.length).isLessThanOrEqualTo(FrameCodec.MAX_FRAME);
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        decodeOrRefuse(frame); // whatever is allocated once is allocated by now
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThatThrownBy(() -> CODEC.decode(frame)).as(what).isInstanceOf(MalformedGossipException.class);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).as(what).isLessThan(2 << 20);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void everyFieldThatIsSentIsOneThatIsCounted(Message message) throws IOException {
        assertThat(GossipCensus.check(GossipCodec.encode(message))).isZero();
    }

    @Test
    void twoMessagesInOneFrameAreRefused() {
        byte[] one = GossipCodec.encode(new Message.News(List.of(ALIVE)));
        byte[] two = Arrays.copyOf(one, 2 * one.length);
        System.arraycopy(one, 0, two, one.length, one.length);
        assertThatThrownBy(() -> CODEC.decode(two)).hasMessage("2 messages in one frame are more than 1");
    }

    @Test
    void aFewFieldsOfALaterVersionInEachMemberAreIgnored() throws Exception {
        ByteString later = ByteString.copyFrom(new byte[] {0x78, 7, 0x7a, 3, 1, 2, 3}); // field 15, twice
        ByteString one = member().build().toByteString().concat(later);
        ByteString.Output news = ByteString.newOutput();
        for (int i = 0; i < Message.MAX_MEMBERS; i++) {
            news.write(field(1, one));
        }
        byte[] bytes = ByteString.copyFrom(new byte[] {0x78, 1}) // of a later version, too
                .concat(ByteString.copyFrom(field(5, news.toByteString())))
                .toByteArray();
        assertThat(((Message.News) CODEC.decode(bytes)).news()).hasSize(Message.MAX_MEMBERS);
    }
}
