package io.onlink.swim;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;

/** What the protocol counts of its own work. Written by the protocol's thread, read by any. */
public final class Counts {
    /** What became of a member. */
    public enum Event {
        /** It came into view. */
        JOIN,
        /** It announced its leave. */
        LEAVE,
        /** It was given up as silent. */
        FAIL,
        /** It says something new of itself. */
        UPDATE,
        /** It had been given up, and lives after all. */
        FLAP,
        /** It was suspected, and said that it lives. */
        REFUTE
    }

    /** How a probe ended. */
    public enum Probe {
        /** The member itself answered. */
        DIRECT,
        /** It answered another that asked in our name. */
        INDIRECT,
        /** Nobody had an answer. */
        TIMEOUT
    }

    private final Map<Event, LongAdder> events = adders(Event.class);
    private final Map<Probe, LongAdder> probes = adders(Probe.class);
    private final LongAdder opened = new LongAdder();
    private final LongAdder inVain = new LongAdder();
    private final Map<Message.Kind, LongAdder> received = adders(Message.Kind.class);
    private final Map<Message.Kind, LongAdder> sent = adders(Message.Kind.class);
    private final Map<Message.Kind, LongAdder> sentBytes = adders(Message.Kind.class);
    private final Lag lag = new Lag();
    private volatile LongConsumer roundTrips = nanos -> {};
    private volatile int health;
    private volatile int rumours;
    private volatile int suspects;

    /** Whole from the start, and never changed: so any thread may read it. */
    private static <E extends Enum<E>> Map<E, LongAdder> adders(Class<E> type) {
        Map<E, LongAdder> made = new EnumMap<>(type);
        for (E one : type.getEnumConstants()) {
            made.put(one, new LongAdder());
        }
        return made;
    }

    private static <E> void add(Map<E, LongAdder> counts, E one, long more) {
        LongAdder count = counts.get(one);
        if (count != null) {
            count.add(more);
        }
    }

    void count(Event event) {
        add(events, event, 1);
    }

    void count(Probe probe) {
        add(probes, probe, 1);
    }

    /** A seed was knocked at, and somebody is there now, or nobody before the next knock. */
    void knocked(boolean somebody) {
        (somebody ? opened : inVain).increment();
    }

    /** An answer to the first question of a probe came after so many nanoseconds. */
    void roundTrip(long nanos) {
        roundTrips.accept(nanos);
    }

    /** Who is told of each round trip in nanoseconds, on the protocol's thread. */
    public void roundTrips(LongConsumer told) {
        roundTrips = told;
    }

    /** A message came in. */
    public void received(Message.Kind kind) {
        add(received, kind, 1);
    }

    /** A message of so many bytes, without frame and seal, goes out. */
    public void sent(Message.Kind kind, int size) {
        add(sent, kind, 1);
        add(sentBytes, kind, size);
    }

    void state(int healthScore, int waiting, int suspected) {
        health = healthScore;
        rumours = waiting;
        suspects = suspected;
    }

    /** How late the protocol's thread is. */
    public Lag lag() {
        return lag;
    }

    /** 0 if this node seems well to itself, up to {@value Health#WORST}. */
    public int health() {
        return health;
    }

    /** Members there is something to tell of. */
    public int rumours() {
        return rumours;
    }

    /** Members under suspicion now. */
    public int suspects() {
        return suspects;
    }

    /** By what became of them. */
    public Map<String, Long> events() {
        return byName(events, "");
    }

    /** By how they ended. */
    public Map<String, Long> probes() {
        return byName(probes, "");
    }

    /** Knocks at seeds that are over: {@code ok} if somebody was there, else {@code error}. */
    public Map<String, Long> knocks() {
        return Map.of("ok", opened.sum(), "error", inVain.sum());
    }

    /** By direction and kind: {@code receive/ping}. */
    public Map<String, Long> messages() {
        Map<String, Long> all = byName(received, "receive/");
        all.putAll(byName(sent, "transmit/"));
        return all;
    }

    /** The bytes of what was sent, without frame and seal, by kind. */
    public Map<String, Long> bytes() {
        return byName(sentBytes, "");
    }

    private static Map<String, Long> byName(Map<? extends Enum<?>, LongAdder> counts, String prefix) {
        Map<String, Long> all = new LinkedHashMap<>();
        counts.forEach((one, count) -> all.put(prefix + one.name().toLowerCase(Locale.ROOT), count.sum()));
        return all;
    }
}
