package io.onlink.membership;

import io.onlink.seal.Envelope;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Frames to the text of a sealed packet and back, the same over UDP and TCP:
 *
 * <pre>
 * kind (1) | subject (1) | id (8), unless one-way | payload
 * </pre>
 */
final class FrameCodec {
    /** Largest packet in one datagram: an Ethernet frame less the tunnels on the way. */
    static final int MAX_DATAGRAM = 1400;

    /** Largest packet on a stream: some thousand members. */
    static final int MAX_FRAME = 1 << 20;

    private static final int SHORT_HEADER = 2;
    private static final int HEADER = SHORT_HEADER + Long.BYTES;
    private static final Frame.Kind[] KINDS = Frame.Kind.values();

    private FrameCodec() {}

    /** The text of the frame, so long that the packet has at most {@link #MAX_FRAME} bytes. */
    static byte[] encode(Frame frame) {
        int header = frame.kind == Frame.Kind.ONE_WAY ? SHORT_HEADER : HEADER;
        if (frame.payload.length > MAX_FRAME - Envelope.OVERHEAD - header) {
            throw new IllegalArgumentException(
                    frame.subject + " of " + frame.payload.length + " bytes exceeds a frame of " + MAX_FRAME);
        }
        ByteBuffer out = ByteBuffer.allocate(header + frame.payload.length)
                .put((byte) frame.kind.code)
                .put((byte) frame.subject.code);
        if (header == HEADER) {
            out.putLong(frame.id);
        }
        return out.put(frame.payload).array();
    }

    /** The frame in the text. */
    static Frame decode(byte[] text) throws MalformedFrameException {
        if (text.length < SHORT_HEADER) {
            throw new MalformedFrameException("length " + text.length);
        }
        int kind = text[0];
        Subject subject = Subject.ofCode(text[1]);
        if (kind < 0 || kind >= KINDS.length || subject == null) {
            throw new MalformedFrameException("unknown kind or subject");
        }
        int header = KINDS[kind] == Frame.Kind.ONE_WAY ? SHORT_HEADER : HEADER;
        if (text.length < header) {
            throw new MalformedFrameException("length " + text.length);
        }
        long id = header == HEADER
                ? ByteBuffer.wrap(text, SHORT_HEADER, Long.BYTES).getLong()
                : 0;
        return new Frame(KINDS[kind], subject, id, Arrays.copyOfRange(text, header, text.length));
    }
}
