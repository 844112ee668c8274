package io.onlink.sim;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A clock that goes from event to event, and the hash of all that was noted on the way. Nanoseconds from 0. */
final class VirtualTime {
    static final long MICRO = 1_000;
    static final long MILLI = 1_000_000;
    static final long SECOND = 1_000_000_000;

    /** In order of time, and of coming. */
    private final Queue events = new Queue();

    private long order;
    private long now;
    private long hash;

    long now() {
        return now;
    }

    /** Does that at that time, or now if it is past. */
    void at(long when, Runnable task) {
        events.add(Math.max(when, now), order++, task);
    }

    /** Does that after so long. */
    void in(long nanos, Runnable task) {
        at(now + nanos, task);
    }

    /** Lets time pass until then. */
    void until(long end) {
        while (!events.isEmpty() && events.first() <= end) {
            now = events.first();
            events.take().run();
        }
        now = end;
    }

    /** Takes what happened now into the hash. */
    void note(long what) {
        hash = mix(hash ^ now) + what;
    }

    /** Equal for two runs in which the same happened at the same times. */
    long hash() {
        return mix(hash);
    }

    /** Events so far. */
    long events() {
        return order;
    }

    private static long mix(long z) {
        long a = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        long b = (a ^ a >>> 27) * 0x94d049bb133111ebL;
        return b ^ b >>> 31;
    }

    /**
     * A heap in arrays of numbers: tens of thousands of events wait, millions come and go, and to look at as many objects
     * each time takes longer than to move numbers.
     */
    private static final class Queue {
        private static final int WAYS = 4;

        private long[] times = new long[1024];
        private long[] orders = new long[1024];
        private @Nullable Runnable[] tasks = new Runnable[1024];
        private int size;

        boolean isEmpty() {
            return size == 0;
        }

        long first() {
            return times[0];
        }

        void add(long time, long order, Runnable task) {
            if (size == times.length) {
                times = Arrays.copyOf(times, 2 * size);
                orders = Arrays.copyOf(orders, 2 * size);
                tasks = Arrays.copyOf(tasks, 2 * size);
            }
            int at = size++;
            for (int above = (at - 1) / WAYS; at > 0 && isBefore(time, order, above); above = (at - 1) / WAYS) {
                move(above, at);
                at = above;
            }
            put(at, time, order, task);
        }

        Runnable take() {
            Runnable taken = tasks[0];
            size--;
            long time = times[size];
            long order = orders[size];
            Runnable task = tasks[size];
            tasks[size] = null;
            int at = 0;
            for (int next = least(at); next < size && !isBefore(time, order, next); next = least(at)) {
                move(next, at);
                at = next;
            }
            if (size > 0) {
                put(at, time, order, task);
            }
            return Objects.requireNonNull(taken);
        }

        /** The first of those below; beyond the end if there is none. */
        private int least(int at) {
            int first = WAYS * at + 1;
            int least = first;
            for (int other = first + 1; other < Math.min(first + WAYS, size); other++) {
                least = isBefore(times[other], orders[other], least) ? other : least;
            }
            return least;
        }

        private boolean isBefore(long time, long order, int other) {
            return time != times[other] ? time < times[other] : order < orders[other];
        }

        private void move(int from, int to) {
            put(to, times[from], orders[from], tasks[from]);
        }

        private void put(int at, long time, long order, @Nullable Runnable task) {
            times[at] = time;
            orders[at] = order;
            tasks[at] = task;
        }
    }
}
