package io.onlink.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Walks the messages ({@code struct nlmsghdr}) of one datagram; a message that does not fit is refused. */
final class MessageReader {
    static final int HEADER = 16;

    private final ByteBuffer buffer;
    private final int end;
    private int next;
    private int start;
    private int length;

    /** Reads the first octets of the buffer, which is in the host's order. */
    MessageReader(ByteBuffer buffer, int end) {
        this.buffer = buffer;
        this.end = end;
    }

    /** Moves to the next message, or says that there is none. */
    boolean next() throws NetlinkException {
        if (next >= end) {
            return false;
        }
        int whole = end - next < HEADER ? 0 : buffer.getInt(next);
        if (whole < HEADER || whole > end - next) {
            throw new NetlinkException("a message of " + whole + " octets where " + (end - next) + " are left");
        }
        start = next;
        length = whole;
        next += whole + 3 & ~3;
        return true;
    }

    int type() {
        return Short.toUnsignedInt(buffer.getShort(start + 4));
    }

    int flags() {
        return Short.toUnsignedInt(buffer.getShort(start + 6));
    }

    int sequence() {
        return buffer.getInt(start + 8);
    }

    /** The port id of the socket whose request this answers or tells of; 0 is the kernel itself. */
    int port() {
        return buffer.getInt(start + 12);
    }

    /** Refuses a message whose payload is shorter than its type's fixed part. */
    void need(int octets) throws NetlinkException {
        if (length - HEADER < octets) {
            throw new NetlinkException("message type " + type() + " has " + (length - HEADER)
                    + " octets of payload, not " + octets + " or more");
        }
    }

    /** An octet of the payload. */
    int octet(int offset) {
        return Byte.toUnsignedInt(buffer.get(start + HEADER + offset));
    }

    /** A 32-bit number of the payload in the host's order. */
    int number(int offset) {
        return buffer.getInt(start + HEADER + offset);
    }

    /** Whether the host's order puts the least significant octet first. */
    boolean isLittleEndian() {
        return buffer.order() == ByteOrder.LITTLE_ENDIAN;
    }

    /** The attributes that follow so many octets of payload. */
    AttributeReader attributes(int offset) throws NetlinkException {
        need(offset);
        return new AttributeReader(buffer, start + HEADER + offset, start + length);
    }

    /** What NLMSG_ERROR says, or null for an acknowledgement ({@code struct nlmsgerr}). */
    @Nullable
    Refusal refusal() throws NetlinkException {
        need(Integer.BYTES + HEADER);
        int error = number(0);
        if (error >= 0) {
            return null;
        }
        int echoed = Math.max(number(Integer.BYTES), HEADER);
        boolean capped = (flags() & Uapi.NLM_F_CAPPED) != 0;
        int told = Integer.BYTES + (capped ? HEADER : echoed + 3 & ~3);
        String text = "";
        if ((flags() & Uapi.NLM_F_ACK_TLVS) != 0 && told > 0 && told <= length - HEADER) {
            AttributeReader attributes = attributes(told);
            while (attributes.next()) {
                text = attributes.type() == Uapi.NLMSGERR_ATTR_MSG ? attributes.text(Refusal.TEXT) : text;
            }
        }
        return new Refusal(-error, text);
    }
}
