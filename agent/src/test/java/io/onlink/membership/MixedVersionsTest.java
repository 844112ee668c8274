package io.onlink.membership;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.onlink.peer.Advertisement;
import io.onlink.peer.Claims;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;

/** A mesh is upgraded node by node: an agent reads what earlier and later ones say. */
class MixedVersionsTest {
    private static final Advertisement NOW = Claims.one("b 172.16.165.244 10.42.2.0/24 @7");

    private static io.onlink.proto.v1.Advertisement.Builder message() throws InvalidProtocolBufferException {
        return io.onlink.proto.v1.Advertisement.parseFrom(AdvertisementCodec.encode(NOW)).toBuilder();
    }

    @Test
    void aLaterAgentsAdvertisementIsReadWithoutWhatIsNew() {
        ByteArrayOutputStream later = new ByteArrayOutputStream();
        later.writeBytes(AdvertisementCodec.encode(NOW));
        // Field 200, a number, and field 201, three octets.
        later.writeBytes(new byte[] {(byte) 0xc0, 0x0c, 42, (byte) 0xca, 0x0c, 3, 'n', 'e', 'w'});
        assertThat(AdvertisementCodec.decode(later.toByteArray())).isEqualTo(NOW);
    }

    @Test
    void anEarlierAgentsAdvertisementIsReadWithDefaults() throws InvalidProtocolBufferException {
        byte[] bytes =
                message().clearSeniority().clearGrant().clearVersion().build().toByteArray();
        assertThat(AdvertisementCodec.decode(bytes))
                .isEqualTo(new Advertisement(
                        NOW.name(), NOW.boot(), NOW.generation(), NOW.nodeIp(), 5114, NOW.subnets(), 0, ""));
    }
}
