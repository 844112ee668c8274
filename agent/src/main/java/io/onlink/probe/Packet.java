package io.onlink.probe;

import io.onlink.inet.Ipv4;
import io.onlink.seal.Stamp;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A question or an answer on the wire: 24 bytes, a stamp, and in a question zeros up to its size. All numbers are
 * big-endian.
 *
 * <pre>
 *  0  'O' 'P'   2  version 1   3  1 question, 2 answer   4  size   6  heard   8  run   16  number   24  stamp
 * </pre>
 *
 * @param answer whether it is an answer
 * @param size bytes of the question's IP packet; in an answer, of the question it answers
 * @param heard as in {@link Ask}, of the sender
 * @param run tells the runs of an agent apart
 * @param number of the question
 */
public record Packet(boolean answer, int size, int heard, long run, long number) {
    /** Nothing heard, or not for more than an hour and three quarters. */
    public static final int NEVER = 0xffff;

    /** Nothing heard, for the sender's own guard drops what comes of the receiver. */
    public static final int GUARDED = 0xfffe;

    /** Bytes of an IPv4 header without options and of a UDP header. */
    public static final int HEADERS = 28;

    private static final int FIELDS = 24;

    /** Bytes of an answer, and least of a question. */
    public static final int LEAST = FIELDS + Stamp.BYTES;

    /** Bytes of the smallest IP packet that holds one. */
    public static final int SMALL = LEAST + HEADERS;

    private static final int MAGIC = 0x4f500100;

    /** Whom a packet comes from and whom it is for, by the addresses of their tunnels. */
    public record Ends(Ipv4 from, Ipv4 to) {}

    /** Bytes of the datagram that holds it. */
    public int length() {
        return answer ? LEAST : Math.max(LEAST, size - HEADERS);
    }

    /** Writes the datagram's first {@value #LEAST} bytes; those after them are zeros. */
    public byte[] encode(Stamp stamp, Ends ends) {
        byte[] bytes = new byte[LEAST];
        ByteBuffer.wrap(bytes)
                .putInt(MAGIC | (answer ? 2 : 1))
                .putShort((short) size)
                .putShort((short) heard)
                .putLong(run)
                .putLong(number);
        stamp.put(stamped(bytes, ends), bytes, FIELDS);
        return bytes;
    }

    /**
     * Reads one.
     *
     * @param bytes at least the datagram's first {@value #LEAST}, if it has them
     * @param length of the whole datagram
     * @return empty if it is no probe, is cut short, or was not stamped for these two addresses by a holder of the key
     */
    public static Optional<Packet> decode(Stamp stamp, byte[] bytes, int length, Ends ends) {
        if (length < LEAST || bytes.length < LEAST) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int kind = in.getInt() ^ MAGIC;
        int size = Short.toUnsignedInt(in.getShort());
        Packet packet = new Packet(kind == 2, size, Short.toUnsignedInt(in.getShort()), in.getLong(), in.getLong());
        boolean whole = (kind == 1 && length == size - HEADERS) || (kind == 2 && length == LEAST);
        return whole && stamp.fits(stamped(bytes, ends), bytes, FIELDS) ? Optional.of(packet) : Optional.empty();
    }

    /** The fields and both addresses, so that what was sent to one says nothing to another. */
    private static byte[] stamped(byte[] bytes, Ends ends) {
        return ByteBuffer.allocate(FIELDS + 2 * Integer.BYTES)
                .put(bytes, 0, FIELDS)
                .putInt(ends.from().bits())
                .putInt(ends.to().bits())
                .array();
    }
}
