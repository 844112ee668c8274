package io.onlink.membership;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Frames to bytes and back, the same over UDP and TCP. Big endian:
 *
 * <pre>
 * magic 0x4f | version 2 | 0 | subject | from (8) | to (8) | payload
 * </pre>
 *
 * <p>Every byte that goes out or comes in passes {@link #seal} or {@link #open}: authentication belongs here.
 */
final class FrameCodec {
    /** Largest frame in one datagram: an Ethernet frame less the tunnels on the way. */
    static final int MAX_DATAGRAM = 1400;

    /** Largest frame on a stream: some thousand members. */
    static final int MAX_FRAME = 1 << 20;

    private static final int HEADER = 20;
    private static final byte MAGIC = 0x4f;
    private static final byte VERSION = 2;

    private FrameCodec() {}

    /** The bytes of the frame from one boot id to another, 0 for whoever is there; at most {@link #MAX_FRAME}. */
    static byte[] seal(Frame frame, long from, long to) {
        if (frame.payload.length > MAX_FRAME - HEADER) {
            throw new IllegalArgumentException(
                    frame.subject + " of " + frame.payload.length + " bytes exceeds a frame of " + MAX_FRAME);
        }
        return ByteBuffer.allocate(HEADER + frame.payload.length)
                .put(MAGIC)
                .put(VERSION)
                .put((byte) 0)
                .put((byte) frame.subject.code)
                .putLong(from)
                .putLong(to)
                .put(frame.payload)
                .array();
    }

    /** The frame in the bytes, which came from there and are for {@code self}, or for whoever is here. */
    static Frame open(byte[] bytes, InetSocketAddress there, long self) throws MalformedFrameException {
        if (bytes.length < HEADER || bytes.length > MAX_FRAME) {
            throw new MalformedFrameException("length " + bytes.length);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.get() != MAGIC || in.get() != VERSION) {
            throw new MalformedFrameException("not version " + VERSION + " of this protocol");
        }
        int kind = in.get();
        Subject subject = Subject.ofCode(in.get());
        long from = in.getLong();
        long to = in.getLong();
        if (kind != 0 || subject == null || from == 0 || (to != 0 && to != self)) {
            throw new MalformedFrameException("unknown subject, or from or for nobody");
        }
        return Frame.oneWay(subject, Arrays.copyOfRange(bytes, HEADER, bytes.length))
                .from(Endpoint.of(there, from));
    }
}
