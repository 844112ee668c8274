package io.onlink.membership;

import io.onlink.seal.Envelope;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Frames to the text of a sealed packet and back, the same over UDP and TCP:
 *
 * <pre>
 * subject (1) | payload
 * </pre>
 */
final class FrameCodec {
    /** Largest packet in one datagram: an Ethernet frame less the tunnels on the way. */
    static final int MAX_DATAGRAM = 1400;

    /** Largest packet on a stream: some thousand members. */
    static final int MAX_FRAME = 1 << 20;

    private FrameCodec() {}

    /** The text of the frame, so long that the packet has at most {@link #MAX_FRAME} bytes. */
    static byte[] encode(Frame frame) {
        if (frame.payload.length > MAX_FRAME - Envelope.OVERHEAD - 1) {
            throw new IllegalArgumentException(
                    frame.subject + " of " + frame.payload.length + " bytes exceeds a frame of " + MAX_FRAME);
        }
        return ByteBuffer.allocate(1 + frame.payload.length)
                .put((byte) frame.subject.code)
                .put(frame.payload)
                .array();
    }

    /** The frame in the text. */
    static Frame decode(byte[] text) throws MalformedFrameException {
        Subject subject = text.length == 0 ? null : Subject.ofCode(text[0]);
        if (subject == null) {
            throw new MalformedFrameException(text.length == 0 ? "length 0" : "unknown subject " + text[0]);
        }
        return Frame.oneWay(subject, Arrays.copyOfRange(text, 1, text.length));
    }
}
