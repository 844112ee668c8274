package io.onlink.seal;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Any bytes as packets to one run of an agent, in any order.
 *
 * <p>The input is a list of packets, each with a byte that says how it comes and two that give its length. A stranger's
 * comes as it is, or with its mac put right, to reach what is behind the mac; a member's is a type and a text, which
 * are sealed, to reach what is behind the seal. No input may make the sessions throw, or answer a stranger.
 */
class DatagramFuzzTest {
    private static final Key KEY = Key.published("key");
    private static final long BOOT = 2;
    private static final int MENDED = 1;
    private static final int LONGEST = 1400;
    private static final List<Envelope.Type> TYPES = List.of(Envelope.Type.values());

    /** How a packet comes, in the bits of a byte. */
    private record Way(int bits) {
        int what() {
            return bits & 3;
        }

        boolean cookie() {
            return what() == 3;
        }

        boolean stream() {
            return (bits & 4) != 0;
        }

        InetSocketAddress source() {
            return Air.at((bits & 8) == 0 ? 1 : 3);
        }

        long pause() {
            return TimeUnit.SECONDS.toNanos(bits >> 5 & 7) * (bits >> 4 & 1);
        }
    }

    @FuzzTest(maxDuration = "10m")
    void packets(byte[] input) {
        Target target = new Target();
        ByteBuffer in = ByteBuffer.wrap(input);
        while (in.remaining() >= 3) {
            Way way = new Way(in.get() & 0xff);
            byte[] bytes = new byte[Math.min((in.getShort() & 0xffff) % LONGEST, in.remaining())];
            in.get(bytes);
            target.take(way, bytes);
        }
    }

    /** An agent's sessions, which have asked for one, and a member with its key that has none. */
    private static final class Target implements Outlet {
        private final List<byte[]> answers = new ArrayList<>();
        private final Envelope envelope = new Envelope();
        private final Sessions sessions;
        private long now = TimeUnit.HOURS.toNanos(1);
        private long sequence;
        private int heard;
        private int opened;

        Target() {
            Keyring keys = Keyring.of(List.of(KEY));
            sessions = new Sessions(new Sessions.Self(BOOT, Air.at(2), false), keys, this, new Even(), now);
            sessions.reach(Air.at(1), 0, now, new Waiting() {
                @Override
                public void up(Session session) {
                    sessions.send(session, new byte[1], now);
                }

                @Override
                public void lost(String why) {
                    assertThat(why).isNotEmpty();
                }
            });
        }

        void take(Way way, byte[] bytes) {
            now += way.pause();
            sessions.tick(now);
            answers.clear();
            int before = heard + opened;
            byte[] packet = way.what() > MENDED ? sealed(way, bytes) : bytes;
            if (way.what() == MENDED && bytes.length >= Envelope.OVERHEAD) {
                mend(packet);
            }
            if (packet.length > LONGEST) {
                return; // nor does the socket hand it on
            }
            if (way.stream()) {
                Session unused = sessions.frame(packet, way.source(), now);
            } else {
                sessions.datagram(Arrays.copyOf(packet, LONGEST + 1), packet.length, way.source(), now);
            }
            if (way.what() <= MENDED) {
                assertThat(answers).as("answers to a stranger").isEmpty();
                assertThat(heard + opened).as("heard of a stranger").isEqualTo(before);
            }
            answers.forEach(answer -> assertThat(answer.length).isLessThanOrEqualTo(Envelope.OVERHEAD + 16));
        }

        /** A packet of the type in the first byte, with the rest for text; or the answer to the last challenge. */
        private byte[] sealed(Way way, byte[] bytes) {
            long from = way.source().equals(Air.at(1)) ? 1 : 3;
            Envelope.Type type = TYPES.get(bytes.length == 0 ? 0 : bytes[0] & 3);
            byte[] text =
                    way.cookie() ? cookie(from) : Arrays.copyOfRange(bytes, Math.min(1, bytes.length), bytes.length);
            Envelope.Type sent = way.cookie() ? Envelope.Type.CONFIRM : type;
            long to = sent == Envelope.Type.HELLO ? 0 : BOOT;
            return envelope.seal(new Envelope.Header(sent, KEY, from, to, ++sequence), KEY.pair(from, to), text);
        }

        /** What a member that is asked now to confirm answers. */
        private byte[] cookie(long from) {
            byte[] hello = ByteBuffer.allocate(16)
                    .putShort((short) 5114)
                    .put(Air.at(2).getAddress().getAddress())
                    .array();
            byte[] packet = envelope.seal(
                    new Envelope.Header(Envelope.Type.HELLO, KEY, from, 0, ++sequence), KEY.pair(from, 0), hello);
            sessions.datagram(packet, packet.length, Air.at((int) from), now);
            byte[] answer = answers.isEmpty() ? null : answers.get(answers.size() - 1);
            answers.clear();
            byte[] text = answer == null ? null : envelope.open(KEY.pair(BOOT, from), answer, answer.length);
            return ByteBuffer.allocate(10)
                    .putLong(text == null ? 0 : ByteBuffer.wrap(text).getLong(8))
                    .putShort((short) 5114)
                    .array();
        }

        private static void mend(byte[] packet) {
            ByteBuffer.wrap(packet).putInt(1, KEY.id()).putLong(21, 0);
            ByteBuffer.wrap(packet).putLong(21, SipHash.hash(KEY.mac0, KEY.mac1, packet, 0, packet.length));
        }

        @Override
        public void datagram(InetSocketAddress to, byte[] packet) {
            answers.add(packet);
        }

        @Override
        public void message(Session from, byte[] text) {
            heard++;
        }

        @Override
        public void refused(PacketRefusal why, InetSocketAddress source, int keyId) {
            assertThat(why).isNotNull();
        }

        @Override
        public void opened(Session session) {
            opened++;
        }
    }

    /** The same chance in every run. */
    private static final class Even extends SecureRandom {
        private static final long serialVersionUID = 1L;

        @Override
        public void nextBytes(byte[] bytes) {
            Arrays.fill(bytes, (byte) 7);
        }
    }
}
