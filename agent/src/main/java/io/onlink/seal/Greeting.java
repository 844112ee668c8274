package io.onlink.seal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The text of a HELLO: for whom it is, and from where. It is sealed to nobody, so a receiver that has restarted cannot
 * tell it from one that was captured; but it answers only to where it comes from by its own words.
 *
 * <p>Port and address of the receiver, address of the sender (zeros: it has more than one), zeros.
 */
final class Greeting {
    /** Padded, so that an answer is never longer than its question. */
    private static final int LENGTH = 16;

    private static final int ADDRESS = 4;

    private Greeting() {}

    static byte[] of(Sessions.Self from, InetSocketAddress to) {
        ByteBuffer text = ByteBuffer.allocate(LENGTH)
                .putShort((short) to.getPort())
                .put(to.getAddress().getAddress());
        return from.anywhere()
                ? text.array()
                : text.put(from.address().getAddress().getAddress()).array();
    }

    /** Whether it asks for this run's place. */
    static boolean isFor(Sessions.Self self, byte[] text) {
        if (text.length != LENGTH) {
            return false;
        }
        ByteBuffer place = ByteBuffer.wrap(text);
        boolean port = (place.getShort() & 0xffff) == self.address().getPort();
        byte[] octets = new byte[ADDRESS];
        place.get(octets);
        return port
                && (self.anywhere()
                        || Arrays.equals(octets, self.address().getAddress().getAddress()));
    }

    /** Whether its sender may be at that address; of one that {@link #isFor} has accepted. */
    static boolean isFrom(InetAddress source, byte[] text) {
        byte[] octets = new byte[ADDRESS];
        ByteBuffer.wrap(text, Short.BYTES + ADDRESS, ADDRESS).get(octets);
        return Arrays.equals(octets, new byte[ADDRESS]) || Arrays.equals(octets, source.getAddress());
    }
}
