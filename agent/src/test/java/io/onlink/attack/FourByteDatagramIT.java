package io.onlink.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A length of two thousand million bytes, which a reader that believes it reserves. */
@Tag("netns")
@Timeout(120)
class FourByteDatagramIT {
    private static final int TIMES = 1000;

    @TempDir
    private Path work;

    @Test
    void aLengthAloneIsThrownAwayForItsSize() throws Exception {
        try (Siege siege = new Siege(work)) {
            siege.watch();
            long refused = siege.refused("size");
            int replies = siege.attack(() -> {
                try (Stranger stranger = new Stranger()) {
                    for (int i = 0; i < TIMES; i++) {
                        int length = i % 2 == 0 ? 0x7fffffff : 100 << 20;
                        stranger.send(ByteBuffer.allocate(4).putInt(length).array());
                        stranger.look();
                    }
                    return stranger.replies();
                }
            });
            assertThat(replies).isZero();
            assertThat(siege.refused("size") - refused).isGreaterThan(TIMES / 2);
            siege.assertUnmoved();
        }
    }
}
