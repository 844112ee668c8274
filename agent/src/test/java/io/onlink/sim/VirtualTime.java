package io.onlink.sim;

import java.util.PriorityQueue;

/** A clock that goes from event to event, and the hash of all that was noted on the way. Nanoseconds from 0. */
final class VirtualTime {
    static final long MICRO = 1_000;
    static final long MILLI = 1_000_000;
    static final long SECOND = 1_000_000_000;

    private record Event(long at, long order, Runnable task) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long order;
    private long now;
    private long hash;

    long now() {
        return now;
    }

    /** Does that at that time, or now if it is past. */
    void at(long when, Runnable task) {
        events.add(new Event(Math.max(when, now), order++, task));
    }

    /** Does that after so long. */
    void in(long nanos, Runnable task) {
        at(now + nanos, task);
    }

    /** Lets time pass until then. */
    void until(long end) {
        Event next = events.peek();
        while (next != null && next.at <= end) {
            events.remove();
            now = next.at;
            next.task.run();
            next = events.peek();
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
}
