package io.onlink.membership;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Frames to bytes and back, the same over UDP and TCP. Big endian:
 *
 * <pre>
 * magic 0x4f | version 1 | kind | subject | id (8) | to (8) | payload
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
    private static final byte VERSION = 1;
    private static final Frame.Kind[] KINDS = Frame.Kind.values();

    private FrameCodec() {}

    /** The bytes of the frame, at most {@link #MAX_FRAME}. */
    static byte[] seal(Frame frame) {
        if (frame.payload.length > MAX_FRAME - HEADER) {
            throw new IllegalArgumentException(
                    frame.subject + " of " + frame.payload.length + " bytes exceeds a frame of " + MAX_FRAME);
        }
        return ByteBuffer.allocate(HEADER + frame.payload.length)
                .put(MAGIC)
                .put(VERSION)
                .put((byte) frame.kind.code)
                .put((byte) frame.subject.code)
                .putLong(frame.id)
                .putLong(frame.to)
                .put(frame.payload)
                .array();
    }

    /** The frame in the bytes. */
    static Frame open(byte[] bytes) throws MalformedFrameException {
        if (bytes.length < HEADER || bytes.length > MAX_FRAME) {
            throw new MalformedFrameException("length " + bytes.length);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.get() != MAGIC || in.get() != VERSION) {
            throw new MalformedFrameException("not version " + VERSION + " of this protocol");
        }
        int kind = in.get();
        Subject subject = Subject.ofCode(in.get());
        if (kind < 0 || kind >= KINDS.length || subject == null) {
            throw new MalformedFrameException("unknown kind or subject");
        }
        return new Frame(
                KINDS[kind], subject, in.getLong(), in.getLong(), Arrays.copyOfRange(bytes, HEADER, bytes.length));
    }
}
