package io.onlink.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.onlink.inet.Ipv4;
import io.onlink.proto.v1.News;
import io.onlink.swim.Bytes;
import io.onlink.swim.Contact;
import io.onlink.swim.Member;
import io.onlink.swim.Message;
import io.onlink.swim.State;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
}
