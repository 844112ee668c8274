package io.onlink.membership;

import org.jspecify.annotations.Nullable;

/** One message between two agents. */
final class Frame {
    /** What is expected of the receiver. Never renumbered. */
    enum Kind {
        ONE_WAY(0),
        REQUEST(1),
        REPLY(2),
        FAILURE(3);

        final int code;

        Kind(int code) {
            this.code = code;
        }
    }

    final Kind kind;
    final Subject subject;

    /** Pairs a reply with its request; 0 on one-way frames. */
    final long id;

    final byte[] payload;

    /** On a frame that has come in: where its sender is, and its boot id, by authority of the seal. */
    final @Nullable Endpoint source;

    Frame(Kind kind, Subject subject, long id, byte[] payload) {
        this(kind, subject, id, payload, null);
    }

    private Frame(Kind kind, Subject subject, long id, byte[] payload, @Nullable Endpoint source) {
        this.kind = kind;
        this.subject = subject;
        this.id = id;
        this.payload = payload;
        this.source = source;
    }

    static Frame oneWay(Subject subject, byte[] payload) {
        return new Frame(Kind.ONE_WAY, subject, 0, payload);
    }

    /** This frame as it came in from there. */
    Frame from(Endpoint there) {
        return new Frame(kind, subject, id, payload, there);
    }

    /** The boot id of the sender of a frame that has come in, else 0. */
    long from() {
        return source == null ? 0 : source.boot();
    }

    /** The answer to this request. */
    Frame reply(byte[] answer) {
        return new Frame(Kind.REPLY, subject, id, answer);
    }

    /** Says that this request could not be served. */
    Frame failure() {
        return new Frame(Kind.FAILURE, subject, id, new byte[0]);
    }
}
