package io.onlink.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who has no key says that there is one more member, that a member has other subnets, that a member is dead: in the
 * clear, sealed with a key of its own, and by packets of the mesh that it has heard.
 */
@Tag("netns")
@Timeout(120)
class ForgedMembershipIT {
    private static final int HEADER = 29;

    @TempDir
    private Path work;

    @Test
    void lyingNeedsTheKey() throws Exception {
        try (Siege siege = new Siege(work)) {
            siege.watch();
            Wiretap.Heard heard = siege.messages(2, 1).get(0);
            int keyId = heard.payload().getInt(1);
            long victim = siege.messages(1, 2).get(0).boot();
            List<byte[]> forged = new ArrayList<>();
            Forger forger = new Forger(heard.boot(), victim);
            forged.addAll(forger.handshake());
            for (Map.Entry<String, byte[]> lie : Lies.all(heard.boot()).entrySet()) {
                byte[] text = lie.getValue();
                forged.add(text);
                forged.add(behind(heard.bytes(), text));
                forged.add(forger.seal(text));
                forged.add(Forger.labelled(forger.seal(text), keyId));
            }
            long refused = siege.refused("size", "type", "unknown_key", "mac");
            assertThat(sent(siege, forged)).as("replies").isZero();
            assertThat(siege.refused("size", "type", "unknown_key", "mac") - refused)
                    .isEqualTo(forged.size());
            siege.assertUnmoved();
        }
    }

    /** The text in the clear, behind the header of a real packet. */
    private static byte[] behind(byte[] packet, byte[] text) {
        return ByteBuffer.allocate(HEADER + text.length)
                .put(packet, 0, HEADER)
                .put(text)
                .array();
    }

    /** Sends these and counts what comes back. */
    private static int sent(Siege siege, List<byte[]> packets) throws Exception {
        return siege.attack(() -> {
            try (Stranger stranger = new Stranger()) {
                for (byte[] packet : packets) {
                    stranger.send(packet);
                }
                return stranger.replies();
            }
        });
    }
}
