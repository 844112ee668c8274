package io.onlink.membership;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.onlink.peer.Advertisement;

/** Any bytes as what a member says of itself: a sound advertisement, or refused as a whole. */
class AdvertisementFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void advertisement(byte[] input) {
        Advertisement read;
        try {
            read = AdvertisementCodec.decode(input);
        } catch (MalformedAdvertisementException refused) {
            assertThat(refused.getMessage()).isNotEmpty();
            return;
        }
        byte[] again = AdvertisementCodec.encode(read);
        assertThat(again.length).isLessThanOrEqualTo(AdvertisementCodec.MAX_BYTES);
        assertThat(AdvertisementCodec.decode(again)).isEqualTo(read);
        assertThat(read.subnets().size()).isLessThanOrEqualTo(Advertisement.MAX_SUBNETS);
    }
}
