package io.onlink.membership;

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

    /** The boot id that is meant, 0 for whoever is there. */
    final long to;

    final byte[] payload;

    Frame(Kind kind, Subject subject, long id, long to, byte[] payload) {
        this.kind = kind;
        this.subject = subject;
        this.id = id;
        this.to = to;
        this.payload = payload;
    }

    static Frame oneWay(Subject subject, long to, byte[] payload) {
        return new Frame(Kind.ONE_WAY, subject, 0, to, payload);
    }

    /** The answer to this request. It needs no boot id: only its asker knows the request's number. */
    Frame reply(byte[] answer) {
        return new Frame(Kind.REPLY, subject, id, 0, answer);
    }

    /** Says that this request could not be served. */
    Frame failure() {
        return new Frame(Kind.FAILURE, subject, id, 0, new byte[0]);
    }
}
