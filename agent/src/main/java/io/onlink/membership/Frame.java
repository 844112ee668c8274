package io.onlink.membership;

import org.jspecify.annotations.Nullable;

/** One message between two agents. */
final class Frame {
    final Subject subject;
    final byte[] payload;

    /** On a frame that has come in: where its sender is, and its boot id. */
    final @Nullable Endpoint source;

    private Frame(Subject subject, byte[] payload, @Nullable Endpoint source) {
        this.subject = subject;
        this.payload = payload;
        this.source = source;
    }

    static Frame oneWay(Subject subject, byte[] payload) {
        return new Frame(subject, payload, null);
    }

    /** This frame as it came in from there. */
    Frame from(Endpoint there) {
        return new Frame(subject, payload, there);
    }
}
