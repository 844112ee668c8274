package io.onlink.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onlink.seal.Envelope;
import org.junit.jupiter.api.Test;

class FrameCodecTest {
    @Test
    void whatIsEncodedIsDecoded() throws MalformedFrameException {
        for (byte[] payload : new byte[][] {{}, {1, 2, 3}, new byte[FrameCodec.MAX_FRAME - Envelope.OVERHEAD - 1]}) {
            Frame decoded = FrameCodec.decode(FrameCodec.encode(Frame.oneWay(Subject.MEMBERSHIP, payload)));
            assertThat(decoded.subject).isEqualTo(Subject.MEMBERSHIP);
            assertThat(decoded.payload).isEqualTo(payload);
        }
    }

    @Test
    void whatIsNoFrameIsRefused() {
        assertThatThrownBy(() -> FrameCodec.decode(new byte[0])).hasMessage("length 0");
        for (int subject = -128; subject < 128; subject++) {
            byte[] text = {(byte) subject, 1, 2};
            if (subject != Subject.MEMBERSHIP.code && subject != Subject.HEARD.code) {
                assertThatThrownBy(() -> FrameCodec.decode(text)).hasMessage("unknown subject " + subject);
            }
        }
    }

    @Test
    void aFrameBeyondTheLimitIsNotSent() {
        Frame large = Frame.oneWay(Subject.MEMBERSHIP, new byte[FrameCodec.MAX_FRAME]);
        assertThatThrownBy(() -> FrameCodec.encode(large)).hasMessageContaining("exceeds a frame of 1048576");
    }
}
