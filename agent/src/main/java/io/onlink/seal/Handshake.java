package io.onlink.seal;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Our asking who is at an address, and what waits for the answer. */
final class Handshake {
    /** Most that waits for one answer. */
    static final int MAX_WAITING = 32;

    /** How long it waits: where a hundred agents start on two processors at once, each is seconds late to answer. */
    static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** How long until we ask again the first few times, for a datagram may be lost; then the other may be slow. */
    static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    static final long LATER_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How many questions are asked quickly after the first. */
    private static final int FEW = 4;

    /**
     * Whom we ask.
     *
     * @param boot the run we mean, or 0 for whoever is there
     */
    record Whom(InetSocketAddress address, long boot) {}

    final Whom whom;
    final long begun;
    final List<Waiting> waiting = new ArrayList<>();

    /** The sequence numbers of our questions: an answer names one of them. */
    final List<Long> asked = new ArrayList<>();

    long due;

    Handshake(Whom whom, long now) {
        this.whom = whom;
        this.begun = now;
        this.due = now;
    }

    /** A question goes out now, under that number: the next is due some time after. */
    void ask(long sequence, long now) {
        due = now + (asked.size() < FEW ? AGAIN_NANOS : LATER_NANOS);
        asked.add(sequence);
    }
}
