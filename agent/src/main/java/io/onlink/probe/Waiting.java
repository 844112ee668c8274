package io.onlink.probe;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Questions that wait for their answer, and for a while those that count as lost, whose answer may still come. */
final class Waiting {
    /** An answer that comes this late still counts. */
    private static final long LATE = TimeUnit.SECONDS.toNanos(5);

    /** Most questions kept. */
    private static final int MOST = 32;

    /** A question that was sent. */
    static final class Sent {
        final long number;
        final int size;
        final long at;
        final boolean searching;
        private boolean lost;

        Sent(long number, int size, long at, boolean searching) {
            this.number = number;
            this.size = size;
            this.at = at;
            this.searching = searching;
        }

        boolean lost() {
            return lost;
        }
    }

    private final Deque<Sent> sent = new ArrayDeque<>();

    void add(Sent question) {
        if (sent.size() == MOST) {
            sent.removeFirst();
        }
        sent.addLast(question);
    }

    boolean isEmpty() {
        return sent.isEmpty();
    }

    /** Whether an answer is waited for. */
    boolean open() {
        return oldest() != Long.MAX_VALUE;
    }

    /** How many answers to questions of that size are waited for. */
    long open(int size) {
        return sent.stream().filter(s -> !s.lost && s.size == size).count();
    }

    /** When the oldest question was sent whose answer is waited for; the most if there is none. */
    long oldest() {
        return sent.stream()
                .filter(s -> !s.lost)
                .mapToLong(s -> s.at)
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }

    /** Those that have waited that long are lost from now on. */
    List<Sent> lost(long now, long wait) {
        if (sent.isEmpty()) {
            return List.of();
        }
        List<Sent> lost = new ArrayList<>(1);
        for (Sent s : sent) {
            if (!s.lost && now - s.at >= wait) {
                s.lost = true;
                lost.add(s);
            }
        }
        sent.removeIf(s -> s.lost && now - s.at >= LATE);
        return lost;
    }

    /** Takes the question of that number and size, null if there is none. */
    @Nullable
    Sent take(long number, int size) {
        Iterator<Sent> all = sent.iterator();
        while (all.hasNext()) {
            Sent s = all.next();
            if (s.number == number && s.size == size) {
                all.remove();
                return s;
            }
        }
        return null;
    }

    /** Forgets those that are larger; says whether there was one. */
    boolean forgetLarger(int bytes) {
        return sent.removeIf(s -> s.size > bytes);
    }

    /** Forgets those whose answer is waited for. */
    void forgetOpen() {
        sent.removeIf(s -> !s.lost);
    }

    void clear() {
        sent.clear();
    }
}
