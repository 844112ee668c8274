package io.onlink.seal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The text of a HELLO: for whom it is, and from where. It is sealed to nobody, so a receiver that has restarted cannot
 * tell it from one that was captured; but it answers only to where it comes from by its own words. It is not secret, so
 * that whom it is not for sees that at once.
 *
 * <p>Port and address of the receiver, address of the sender (zeros: it has more than one), zeros.
 */
final class Greeting {
    /** Padded, so that an answer is never longer than its question. */
    private static final int LENGTH = 16;

    private static final int ADDRESS = 4;
    private static final int TO = Envelope.TEXT;
    private static final int FROM = TO + Short.BYTES + ADDRESS;
    private static final byte[] NOWHERE = new byte[ADDRESS];

    private Greeting() {}

    static byte[] of(Sessions.Self from, InetSocketAddress to) {
        ByteBuffer text = ByteBuffer.allocate(LENGTH)
                .putShort((short) to.getPort())
                .put(to.getAddress().getAddress());
        return from.anywhere()
                ? text.array()
                : text.put(from.address().getAddress().getAddress()).array();
    }

    /** Whether a HELLO of this length asks for this run's place. Allocates nothing: it may be captured and sent here. */
    static boolean isFor(Place place, byte[] packet, int length) {
        return length == LENGTH + Envelope.OVERHEAD
                && ((packet[TO] & 0xff) << 8 | (packet[TO + 1] & 0xff)) == place.port
                && (place.anywhere || Arrays.equals(packet, TO + 2, TO + 2 + ADDRESS, place.octets, 0, ADDRESS));
    }

    /** Whether its sender may be at that address; of one that {@link #isFor} has accepted. */
    static boolean isFrom(InetAddress source, byte[] packet) {
        return Arrays.equals(packet, FROM, FROM + ADDRESS, NOWHERE, 0, ADDRESS)
                || Arrays.equals(packet, FROM, FROM + ADDRESS, source.getAddress(), 0, ADDRESS);
    }

    /** Where questions for us go to, ready to be compared. */
    static final class Place {
        private final int port;
        private final byte[] octets;
        private final boolean anywhere;

        Place(Sessions.Self self) {
            port = self.address().getPort();
            octets = self.address().getAddress().getAddress();
            anywhere = self.anywhere();
        }
    }
}
