package io.onlink.seal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class EnvelopeTest {
    private static final Key KEY = Key.published("a");
    private static final SecretKeySpec PAIR = KEY.pair(7, 9);

    private final Envelope envelope = new Envelope();

    private byte[] sealed(long sequence, String text) {
        return envelope.seal(
                new Envelope.Header(Envelope.Type.MESSAGE, KEY, 7, 9, sequence), PAIR, text.getBytes(UTF_8));
    }

    @Test
    void whatIsSealedIsOpened() {
        for (int length : new int[] {0, 1, 63, 64, 65, 1355, 100_000}) {
            String text = "x".repeat(length);
            byte[] packet = sealed(length + 1, text);
            assertThat(packet).hasSize(length + Envelope.OVERHEAD);
            assertThat(Envelope.type(packet)).isEqualTo(Envelope.Type.MESSAGE);
            assertThat(Envelope.keyId(packet)).isEqualTo(KEY.id());
            assertThat(Envelope.from(packet)).isEqualTo(7);
            assertThat(Envelope.sequence(packet)).isEqualTo(length + 1);
            assertThat(Envelope.authentic(packet, packet.length, KEY, 9)).isTrue();
            assertThat(envelope.open(PAIR, packet, packet.length))
                    .asString(UTF_8)
                    .isEqualTo(text);
        }
    }

    @Test
    void noBitMayBeAnother() {
        byte[] good = sealed(1, "routes");
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(Envelope.authentic(bad.clone(), bad.length, KEY, 9))
                    .as("mac, bit %d", bit)
                    .isFalse();
            boolean inMac = bit / 8 >= Envelope.AUTHENTICATED && bit / 8 < Envelope.TEXT;
            if (!inMac) {
                assertThat(envelope.open(PAIR, bad, bad.length))
                        .as("tag, bit %d", bit)
                        .isNull();
            }
        }
    }

    @Test
    void noBitOfAQuestionMayBeAnotherThoughItsTextIsInTheClear() {
        SecretKeySpec pair = KEY.pair(7, 0);
        byte[] good = envelope.seal(
                new Envelope.Header(Envelope.Type.HELLO, KEY, 7, 0, 1), pair, "who is there".getBytes(UTF_8));
        assertThat(new String(good, UTF_8)).contains("who is there");
        assertThat(envelope.open(pair, good, good.length)).asString(UTF_8).isEqualTo("who is there");
        for (int bit = Envelope.TEXT * 8; bit < good.length * 8; bit++) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(envelope.open(pair, bad, bad.length)).as("bit %d", bit).isNull();
        }
    }

    @Test
    void nothingMayBeCutOffOrAdded() {
        byte[] good = sealed(1, "routes");
        for (int length = Envelope.OVERHEAD; length < good.length; length++) {
            assertThat(Envelope.authentic(good.clone(), length, KEY, 9)).isFalse();
            assertThat(envelope.open(PAIR, good, length)).isNull();
        }
        byte[] longer = Arrays.copyOf(good, good.length + 1);
        assertThat(Envelope.authentic(longer.clone(), longer.length, KEY, 9)).isFalse();
        assertThat(envelope.open(PAIR, longer, longer.length)).isNull();
    }

    @Test
    void onlyThePairItIsMeantForOpensIt() {
        byte[] packet = sealed(1, "routes");
        SecretKeySpec[] others = {
            KEY.pair(9, 7), KEY.pair(7, 0), KEY.pair(7, 10), Key.published("b").pair(7, 9)
        };
        for (SecretKeySpec other : others) {
            assertThat(envelope.open(other, packet, packet.length)).isNull();
        }
        assertThat(envelope.open(PAIR, packet, packet.length)).isNotNull();
        assertThat(envelope.open(PAIR, packet, packet.length))
                .as("a second time")
                .isNotNull();
    }

    @Test
    void theShortHashTellsForWhomItIs() {
        byte[] packet = sealed(1, "routes");
        for (long other : new long[] {0, 7, 8, 10}) {
            assertThat(Envelope.authentic(packet.clone(), packet.length, KEY, other))
                    .as("for %d", other)
                    .isFalse();
        }
    }

    @Test
    void aPacketShowsNothingOfItsText() {
        Set<String> seen = new HashSet<>();
        for (int i = 1; i <= 1000; i++) {
            byte[] packet = sealed(i, "the same text");
            assertThat(new String(packet, UTF_8)).doesNotContain("same");
            seen.add(Arrays.toString(Arrays.copyOfRange(packet, Envelope.TEXT, packet.length)));
        }
        assertThat(seen).hasSize(1000);
    }

    @Test
    void randomBytesAreNoPacket() {
        Random random = new Random(3);
        byte[] bytes = new byte[300];
        for (int i = 0; i < 100_000; i++) {
            random.nextBytes(bytes);
            bytes[0] = 0x13;
            assertThat(Envelope.authentic(bytes, Envelope.OVERHEAD + i % 200, KEY, 9))
                    .isFalse();
        }
    }
}
