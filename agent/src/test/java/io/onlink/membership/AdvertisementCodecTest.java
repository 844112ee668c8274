package io.onlink.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.onlink.grant.GrantToken;
import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.peer.Advertisement;
import io.onlink.peer.NodeName;
import io.onlink.proto.v1.Prefix;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AdvertisementCodecTest {
    private static final Advertisement A = new Advertisement(
            new NodeName("a"),
            -1,
            -2,
            Ipv4.parse("172.16.165.33"),
            5114,
            List.of(Ipv4Prefix.parse("10.42.1.0/24"), Ipv4Prefix.parse("192.168.0.0/16")),
            3,
            "0.1.0");

    @Test
    void whatIsEncodedIsDecoded() {
        assertThat(AdvertisementCodec.decode(AdvertisementCodec.encode(A))).isEqualTo(A);
    }

    @Test
    void theLargestAdvertisementFits() {
        List<Ipv4Prefix> subnets = IntStream.range(0, Advertisement.MAX_SUBNETS)
                .mapToObj(i -> Ipv4Prefix.parse("10.42." + i + ".0/24"))
                .toList();
        Advertisement largest = new Advertisement(
                new NodeName("n".repeat(63)),
                -1,
                -1,
                Ipv4.parse("172.16.165.33"),
                65535,
                subnets,
                -1,
                "v".repeat(64),
                GrantToken.of(new byte[GrantToken.MAX_BYTES]));
        byte[] bytes = AdvertisementCodec.encode(largest);
        assertThat(bytes).hasSizeLessThanOrEqualTo(AdvertisementCodec.MAX_BYTES);
        assertThat(AdvertisementCodec.decode(bytes)).isEqualTo(largest);
    }

    @Test
    void aGrantTravelsUnreadAndOneTooLongIsRefused() {
        Advertisement granted = new Advertisement(
                A.name(), 1, 1, A.nodeIp(), 5114, A.subnets(), 3, "0.1.0", GrantToken.of(new byte[] {1, 2, 3}));
        assertThat(AdvertisementCodec.decode(AdvertisementCodec.encode(granted)))
                .isEqualTo(granted);
        refused(
                message().setGrant(ByteString.copyFrom(new byte[GrantToken.MAX_BYTES + 1])),
                "a grant of 244 bytes is longer than 243");
    }

    @Test
    void everyTruncationAndBitFlipIsAnAdvertisementOrATypedError() {
        byte[] bytes = AdvertisementCodec.encode(A);
        for (int length = 0; length < bytes.length; length++) {
            decodes(Arrays.copyOf(bytes, length));
        }
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            decodes(flipped);
        }
    }

    private static void decodes(byte[] bytes) {
        try {
            assertThat(AdvertisementCodec.decode(bytes).boot()).isNotZero();
        } catch (MalformedAdvertisementException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }

    @Test
    void aRuleThatIsBrokenIsNamed() {
        refused(message().setBootId(0), "boot id 0");
        refused(message().setName(""), "a node name has 1 to 63");
        refused(message().setGossipPort(70_000), "gossip port 70000");
        refused(message().setVersion("a b"), "version text");
        refused(message().addSubnets(prefix("10.0.0.0", 33)), "prefix length of 33");
        refused(message().addSubnets(prefix("10.0.0.1", 24)), "did you mean 10.0.0.0/24");
        refused(
                message().addSubnets(prefix("10.2.0.0", 16)).addSubnets(prefix("10.1.0.0", 16)),
                "not in ascending order at 10.1.0.0/16");
        assertThatThrownBy(() -> AdvertisementCodec.decode(new byte[1025])).hasMessage("1025 bytes are more than 1024");
    }

    private static io.onlink.proto.v1.Advertisement.Builder message() {
        return io.onlink.proto.v1.Advertisement.newBuilder()
                .setName("a")
                .setBootId(1)
                .setGossipPort(5114)
                .setVersion("0.1.0");
    }

    private static Prefix prefix(String base, int length) {
        return Prefix.newBuilder()
                .setAddress(Ipv4.parse(base).bits())
                .setLength(length)
                .build();
    }

    private static void refused(io.onlink.proto.v1.Advertisement.Builder message, String reason) {
        assertThatThrownBy(() -> AdvertisementCodec.decode(message.build().toByteArray()))
                .isInstanceOf(MalformedAdvertisementException.class)
                .hasMessageContaining(reason);
    }
}
