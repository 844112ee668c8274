package io.onlink.netlink;

import io.onlink.inet.Ipv4;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/** Writes one or more messages with their attributes, one after the other, into a buffer of the host's order. */
final class MessageWriter {
    private ByteBuffer buffer;
    private int start;
    private int position;
    private int count;
    private int sequence;

    MessageWriter(ByteBuffer buffer) {
        this.buffer = buffer;
    }

    /** Forgets what was written; sequence numbers go on. */
    void clear() {
        start = 0;
        position = 0;
        count = 0;
    }

    /** Writes into another buffer of the same order from now on, empty; sequence numbers go on. */
    void moveTo(ByteBuffer other) {
        buffer = other;
        clear();
    }

    /** How many messages were started since {@link #clear}. */
    int count() {
        return count;
    }

    /** Octets written. */
    int length() {
        return position;
    }

    /** Sequence number of the last message started. */
    int sequence() {
        return sequence;
    }

    /** Starts a message with the next sequence number. */
    MessageWriter start(int type, int flags) {
        start = position;
        sequence++;
        count++;
        buffer.putInt(start, MessageReader.HEADER);
        buffer.putShort(start + 4, (short) type);
        buffer.putShort(start + 6, (short) (flags | Uapi.NLM_F_REQUEST));
        buffer.putInt(start + 8, sequence);
        buffer.putInt(start + 12, 0);
        position = start + MessageReader.HEADER;
        return this;
    }

    /** Asks for an acknowledgement of the message started last. */
    void acknowledge() {
        buffer.putShort(start + 6, (short) (buffer.getShort(start + 6) | Uapi.NLM_F_ACK));
    }

    /** Four octets. */
    MessageWriter octets(int a, int b, int c, int d) {
        buffer.put(position, (byte) a);
        buffer.put(position + 1, (byte) b);
        buffer.put(position + 2, (byte) c);
        buffer.put(position + 3, (byte) d);
        return grow(4);
    }

    /** A 32-bit number. */
    MessageWriter number(int value) {
        buffer.putInt(position, value);
        return grow(4);
    }

    /** An attribute that is a 32-bit number. */
    MessageWriter number(int type, int value) {
        header(type, 4);
        return number(value);
    }

    /** An attribute that is an 8-bit number. */
    MessageWriter octet(int type, int value) {
        header(type, 1);
        return octets(value, 0, 0, 0);
    }

    /** An attribute that is an IPv4 address. */
    MessageWriter address(int type, Ipv4 address) {
        int bits = address.bits();
        return number(type, buffer.order() == ByteOrder.BIG_ENDIAN ? bits : Integer.reverseBytes(bits));
    }

    /** The head of an attribute whose value, of so many octets, a multiple of four, is written next. */
    MessageWriter value(int type, int octets) {
        header(type, octets);
        return this;
    }

    /** Four octets: a number with the most significant first, as on the wire. */
    MessageWriter wire(int value) {
        return octets(value >>> 24, value >>> 16, value >>> 8, value);
    }

    /** A filter's preference, and its protocol in the wire's order, as one 32-bit number. */
    MessageWriter info(int preference, int protocol) {
        boolean little = buffer.order() == ByteOrder.LITTLE_ENDIAN;
        short wire = little ? Short.reverseBytes((short) protocol) : (short) protocol;
        return number(preference << 16 | Short.toUnsignedInt(wire));
    }

    /** Two 16-bit numbers. */
    MessageWriter halves(int first, int second) {
        buffer.putShort(position, (short) first);
        buffer.putShort(position + 2, (short) second);
        return grow(4);
    }

    /** An attribute that is a 32-bit number in network order, as nf_tables wants all of its numbers. */
    MessageWriter network(int type, int value) {
        header(type, 4);
        return number(buffer.order() == ByteOrder.BIG_ENDIAN ? value : Integer.reverseBytes(value));
    }

    /** An attribute of octets. */
    MessageWriter octets(int type, byte[] octets) {
        header(type, octets.length);
        int padded = octets.length + 3 & ~3;
        for (int i = 0; i < padded; i++) {
            buffer.put(position + i, i < octets.length ? octets[i] : 0);
        }
        return grow(padded);
    }

    /** An attribute that is text ended by a zero octet. */
    MessageWriter text(int type, String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        return octets(type, Arrays.copyOf(octets, octets.length + 1));
    }

    /** An attribute that holds those that the step writes. */
    MessageWriter nest(int type, Consumer<MessageWriter> inner) {
        int at = position;
        header(type | Uapi.NLA_F_NESTED, 0);
        inner.accept(this);
        buffer.putShort(at, (short) (position - at));
        return this;
    }

    private void header(int type, int length) {
        buffer.putShort(position, (short) (4 + length));
        buffer.putShort(position + 2, (short) type);
        grow(4);
    }

    private MessageWriter grow(int octets) {
        position += octets;
        buffer.putInt(start, position - start);
        return this;
    }
}
