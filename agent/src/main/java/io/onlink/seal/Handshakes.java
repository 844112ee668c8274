package io.onlink.seal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that we have asked and that is not answered yet. */
final class Handshakes {
    /** Most addresses asked at one time. */
    static final int MAX_HANDSHAKES = 1024;

    private final Map<Handshake.Whom, Handshake> open = new HashMap<>();
    private final Map<Long, Handshake> asked = new HashMap<>();

    boolean isEmpty() {
        return open.isEmpty();
    }

    boolean isFull() {
        return open.size() >= MAX_HANDSHAKES;
    }

    @Nullable
    Handshake with(Handshake.Whom whom) {
        return open.get(whom);
    }

    /** The one of which this is the number of a question. */
    @Nullable
    Handshake asked(long sequence) {
        return asked.get(sequence);
    }

    Handshake begin(Handshake.Whom whom, long now) {
        Handshake handshake = new Handshake(whom, now);
        open.put(whom, handshake);
        return handshake;
    }

    /** A question goes out under this number. */
    void ask(Handshake handshake, long sequence, long now) {
        handshake.ask(sequence, now);
        asked.put(sequence, handshake);
    }

    /** When the next question is due; only of meaning unless {@link #isEmpty}. */
    long deadline() {
        long now = open.values().iterator().next().due;
        return now
                + open.values().stream()
                        .mapToLong(handshake -> handshake.due - now)
                        .min()
                        .orElse(0);
    }

    /** All, in a list that may outlive them. */
    List<Handshake> all() {
        return new ArrayList<>(open.values());
    }

    /** Forgets it; returns what waits for it. */
    List<Waiting> end(Handshake handshake) {
        open.remove(handshake.whom);
        handshake.asked.forEach(asked::remove);
        return handshake.waiting;
    }
}
