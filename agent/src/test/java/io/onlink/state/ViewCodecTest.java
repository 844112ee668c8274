package io.onlink.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onlink.peer.Advertisement;
import io.onlink.peer.Claims;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ViewCodecTest {
    private static final List<Advertisement> VIEW =
            Claims.of("b 172.16.165.244 10.42.2.0/24 10.42.22.0/24 @7\nc 172.16.168.113 10.42.3.0/24");

    @Test
    void aViewComesBackAsItWas() {
        assertThat(ViewCodec.decode(ViewCodec.encode(VIEW))).isEqualTo(VIEW);
        assertThat(ViewCodec.decode(ViewCodec.encode(List.of()))).isEmpty();
    }

    @Test
    void asManyAsAreBelievedInFitAndNoMore() {
        List<Advertisement> many = IntStream.rangeClosed(0, ViewCodec.MAX_PEERS)
                .mapToObj(i -> Claims.one("n" + i + " 172.16." + i / 250 + "." + (1 + i % 250) + " 10." + i / 250 + "."
                        + i % 250 + ".0/24"))
                .toList();
        byte[] bytes = ViewCodec.encode(many);
        assertThat(bytes).hasSizeLessThan(ViewCodec.MAX_BYTES);
        assertThat(ViewCodec.decode(bytes)).isEqualTo(many.subList(0, ViewCodec.MAX_PEERS));
    }

    @Test
    void aTornFileIsKnownWhereverItIsTorn() {
        byte[] whole = ViewCodec.encode(VIEW);
        for (int length = 0; length < whole.length; length++) {
            byte[] torn = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> ViewCodec.decode(torn)).isInstanceOf(IllegalArgumentException.class);
            byte[] zeroes = Arrays.copyOf(torn, whole.length);
            if (!Arrays.equals(zeroes, whole)) {
                assertThatThrownBy(() -> ViewCodec.decode(zeroes)).isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @Test
    void anyBitThatIsAnotherIsKnown() {
        byte[] whole = ViewCodec.encode(VIEW);
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] other = whole.clone();
            other[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> ViewCodec.decode(other)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void noBytesDoAnythingElseThanBeRefused() {
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            byte[] head = "onlink view 1\n".getBytes(StandardCharsets.US_ASCII);
            if (bytes.length > head.length && random.nextBoolean()) {
                System.arraycopy(head, 0, bytes, 0, head.length);
            }
            assertThatThrownBy(() -> ViewCodec.decode(bytes)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
