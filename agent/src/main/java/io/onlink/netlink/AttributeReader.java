package io.onlink.netlink;

import io.onlink.inet.Ipv4;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads the attributes ({@code struct nlattr}: length, type, value, padded to 4) of one message or one nest.
 *
 * <p>Strict: an attribute that does not fit, or whose value has another length than asked for, is refused. Sticky: after
 * a refusal {@link #next()} does not move on, and refuses again.
 */
final class AttributeReader {
    private static final int HEADER = 4;

    private final ByteBuffer buffer;
    private final int end;
    private int next;
    private int value;
    private int length;
    private int type;

    /** Reads from one offset of the buffer up to another, which must lie in it. */
    AttributeReader(ByteBuffer buffer, int from, int end) {
        this.buffer = buffer;
        this.next = from;
        this.end = end;
    }

    /** Moves to the next attribute, or says that there is none. */
    boolean next() throws NetlinkException {
        if (next >= end) {
            return false;
        }
        int whole = end - next < HEADER ? 0 : Short.toUnsignedInt(buffer.getShort(next));
        if (whole < HEADER || whole > end - next) {
            throw new NetlinkException("an attribute of " + whole + " octets where " + (end - next) + " are left");
        }
        type = buffer.getShort(next + 2) & Uapi.NLA_TYPE_MASK;
        value = next + HEADER;
        length = whole - HEADER;
        next += whole + 3 & ~3;
        return true;
    }

    /** The attribute's number, without the flags. */
    int type() {
        return type;
    }

    /** A 32-bit number in the host's order. */
    int number() throws NetlinkException {
        if (length != Integer.BYTES) {
            throw new NetlinkException("attribute " + type + " has " + length + " octets instead of 4");
        }
        return buffer.getInt(value);
    }

    /** A 32-bit number in network order, as nf_tables gives all of its numbers. */
    int network() throws NetlinkException {
        int number = number();
        return buffer.order() == ByteOrder.BIG_ENDIAN ? number : Integer.reverseBytes(number);
    }

    /** A 64-bit number in network order. */
    long networkLong() throws NetlinkException {
        if (length != Long.BYTES) {
            throw new NetlinkException("attribute " + type + " has " + length + " octets instead of 8");
        }
        long number = buffer.getLong(value);
        return buffer.order() == ByteOrder.BIG_ENDIAN ? number : Long.reverseBytes(number);
    }

    /** All octets of the value. */
    byte[] octets() {
        byte[] octets = new byte[length];
        for (int i = 0; i < length; i++) {
            octets[i] = buffer.get(value + i);
        }
        return octets;
    }

    /** An 8-bit number. */
    int octet() throws NetlinkException {
        if (length != 1) {
            throw new NetlinkException("attribute " + type + " has " + length + " octets instead of 1");
        }
        return Byte.toUnsignedInt(buffer.get(value));
    }

    /** Octets of the value. */
    int length() {
        return length;
    }

    /** The octet at an offset of a value that is a structure. */
    int octetAt(int offset) throws NetlinkException {
        need(offset + 1);
        return Byte.toUnsignedInt(buffer.get(value + offset));
    }

    /** The 16-bit number at an offset of a value that is a structure, in the host's order. */
    int halfAt(int offset) throws NetlinkException {
        need(offset + Short.BYTES);
        return Short.toUnsignedInt(buffer.getShort(value + offset));
    }

    /** The 32-bit number at an offset of a value that is a structure, in the host's order. */
    int numberAt(int offset) throws NetlinkException {
        need(offset + Integer.BYTES);
        return buffer.getInt(value + offset);
    }

    /** The 32-bit number at an offset of a value that is a structure, most significant octet first. */
    int wireAt(int offset) throws NetlinkException {
        int number = numberAt(offset);
        return buffer.order() == ByteOrder.BIG_ENDIAN ? number : Integer.reverseBytes(number);
    }

    /** The 64-bit number at an offset of a value that is a structure, in the host's order. */
    long longAt(int offset) throws NetlinkException {
        need(offset + Long.BYTES);
        return buffer.getLong(value + offset);
    }

    private void need(int octets) throws NetlinkException {
        if (length < octets) {
            throw new NetlinkException("attribute " + type + " has " + length + " octets, not " + octets + " or more");
        }
    }

    /** An IPv4 address. */
    Ipv4 address() throws NetlinkException {
        int bits = number();
        return new Ipv4(buffer.order() == ByteOrder.BIG_ENDIAN ? bits : Integer.reverseBytes(bits));
    }

    /** Whether the value is 4 octets long, as an IPv4 address is and an IPv6 one is not. */
    boolean isIpv4() {
        return length == Integer.BYTES;
    }

    /** Text ended by a zero octet or the attribute's end, at most that many octets long. */
    String text(int limit) throws NetlinkException {
        int size = 0;
        while (size < length && buffer.get(value + size) != 0) {
            size++;
        }
        if (size > limit) {
            throw new NetlinkException("attribute " + type + " has more than " + limit + " octets of text");
        }
        byte[] octets = new byte[size];
        for (int i = 0; i < size; i++) {
            octets[i] = buffer.get(value + i);
        }
        return new String(octets, StandardCharsets.UTF_8);
    }

    /** The attributes within this one. */
    AttributeReader nest() {
        return new AttributeReader(buffer, value, value + length);
    }
}
