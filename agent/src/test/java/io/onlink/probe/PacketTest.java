package io.onlink.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.inet.Ipv4;
import io.onlink.seal.Key;
import io.onlink.seal.Keyring;
import io.onlink.seal.Stamp;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PacketTest {
    private static final Packet.Ends ENDS = new Packet.Ends(Ipv4.parse("10.42.1.0"), Ipv4.parse("10.42.2.0"));
    private static final Packet ASK = new Packet(false, 1480, 17, 0x1122334455667788L, -2);
    private static final Packet ANSWER = new Packet(true, 1480, Packet.NEVER, 0x1122334455667788L, -2);

    private final Key old = key();
    private final Key fresh = key();
    private final Stamp stamp = new Stamp(Keyring.of(List.of(old)), "probe");

    private static Key key() {
        return Key.parse(Key.newText(new SecureRandom()));
    }

    @Test
    void aQuestionIsAsLongAsItSaysAndAnAnswerIsTheShortestThereIs() {
        assertThat(ASK.length()).isEqualTo(1452);
        assertThat(ANSWER.length()).isEqualTo(36);
        assertThat(new Packet(false, Packet.SMALL, 0, 0, 0).length()).isEqualTo(36);
        assertThat(Packet.SMALL).isEqualTo(64);
    }

    @Test
    void whatIsWrittenIsRead() {
        assertThat(Packet.decode(stamp, ASK.encode(stamp, ENDS), 1452, ENDS)).contains(ASK);
        assertThat(Packet.decode(stamp, ANSWER.encode(stamp, ENDS), 36, ENDS)).contains(ANSWER);
    }

    @Test
    void noBitCanBeChangedNoByteBeMissingAndNoAddressBeAnother() {
        byte[] good = ASK.encode(stamp, ENDS);
        for (int bit = 0; bit < 8 * good.length; bit++) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(Packet.decode(stamp, bad, 1452, ENDS)).as("bit %d", bit).isEmpty();
        }
        for (int length : new int[] {0, 35, 36, 1451, 1453}) {
            assertThat(Packet.decode(stamp, good, length, ENDS))
                    .as("length %d", length)
                    .isEmpty();
        }
        assertThat(Packet.decode(stamp, Arrays.copyOf(good, 20), 1452, ENDS)).isEmpty();
        assertThat(Packet.decode(stamp, good, 1452, new Packet.Ends(ENDS.to(), ENDS.from())))
                .isEmpty();
    }

    @Test
    void aStampIsGoodUnderEveryKeyOfTheRingAndUnderNoOther() {
        Stamp rotating = new Stamp(Keyring.of(List.of(fresh, old)), "probe");
        Stamp rotated = new Stamp(Keyring.of(List.of(fresh)), "probe");
        byte[] byOld = ASK.encode(stamp, ENDS);
        byte[] byFresh = ASK.encode(rotating, ENDS);
        assertThat(Packet.decode(rotating, byOld, 1452, ENDS)).contains(ASK);
        assertThat(Packet.decode(rotated, byFresh, 1452, ENDS)).contains(ASK);
        assertThat(Packet.decode(rotated, byOld, 1452, ENDS)).isEmpty();
        assertThat(Packet.decode(new Stamp(Keyring.of(List.of(old)), "another"), byOld, 1452, ENDS))
                .isEmpty();
        assertThat(Packet.decode(new Stamp(Keyring.INSECURE, "probe"), byOld, 1452, ENDS))
                .isEmpty();
    }
}
