package io.onlink.seal;

import java.net.InetSocketAddress;
import java.util.Objects;

/** A packet that was made with a key of ours. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Arrival(byte[] packet, int length, InetSocketAddress source, boolean stream, Key key, long now) {
    /** Known to be one, once its maker is. */
    Envelope.Type type() {
        return Objects.requireNonNull(Envelope.type(packet));
    }

    long from() {
        return Envelope.from(packet);
    }

    long sequence() {
        return Envelope.sequence(packet);
    }
}
