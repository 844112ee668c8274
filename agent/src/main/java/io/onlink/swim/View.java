package io.onlink.swim;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All members, this node among them, and the tombstones of former ones; with hashes by which views are compared. */
final class View {
    /** Parts of a view, each with a hash of its own. */
    static final int BUCKETS = 64;

    /** Most members taken in; more are refused. */
    static final int MAX_MEMBERS = 10_000;

    /** Most bytes of all members' payloads together, more is refused of others. */
    static final int MAX_PAYLOADS = 2 << 20;

    /** Most tombstones; the oldest goes first. */
    static final int MAX_TOMBSTONES = 1024;

    /** Most places of lost members that are remembered; the oldest goes first. */
    static final int MAX_LOST = 1024;

    /** Most leavers that one who was cut off is told of. */
    static final int MAX_LEFT = 256;

    private static final class Entry {
        Member member;
        int index;
        long confirmed;

        Entry(Member member, int index, long confirmed) {
            this.member = member;
            this.index = index;
            this.confirmed = confirmed;
        }
    }

    /** A former member, when it ceased to be one, and its highest incarnation of its own word. */
    record Tombstone(Member member, long since, long confirmed) {}

    private final Map<Long, Entry> present = new HashMap<>();
    private final List<Member> list = new ArrayList<>();
    private final TreeMap<Long, Member> ring = new TreeMap<>();
    private final Map<Contact, Integer> places = new HashMap<>();
    private final Map<Long, Tombstone> tombstones = new LinkedHashMap<>();
    private final Map<Contact, Long> lost = new LinkedHashMap<>();
    private final long[] buckets = new long[BUCKETS];
    private long hash;
    private int payloads;

    static int bucket(long boot) {
        return (int) (Mix.of(~boot) & BUCKETS - 1);
    }

    /** What is held of the boot, member or tombstone. */
    @Nullable
    Member get(long boot) {
        Entry entry = present.get(boot);
        Tombstone grave = entry == null ? tombstones.get(boot) : null;
        return entry != null ? entry.member : grave != null ? grave.member : null;
    }

    /** The highest incarnation that the member has given itself to our knowledge; each begins with 0. */
    long confirmed(long boot) {
        Entry entry = present.get(boot);
        Tombstone grave = tombstones.get(boot);
        return entry != null ? entry.confirmed : grave != null ? grave.confirmed : 0;
    }

    /** The member itself has given itself this incarnation. */
    void confirm(long boot, long incarnation) {
        Entry entry = present.get(boot);
        if (entry != null) {
            entry.confirmed = Math.max(entry.confirmed, incarnation);
        }
    }

    /** Whether there is room for this of a member, in place of what is held of it. */
    boolean hasRoomFor(Member member) {
        Entry entry = present.get(member.boot());
        int before = entry == null ? 0 : entry.member.payload().size();
        int more = member.payload().size() - before;
        if (entry != null && more <= 0) {
            return true;
        }
        return payloads + more <= MAX_PAYLOADS && (entry != null || list.size() < MAX_MEMBERS);
    }

    /** Holds this of the member from now on. */
    void put(Member member, long now) {
        Entry entry = present.get(member.boot());
        long confirmed = confirmed(member.boot());
        if (entry != null) {
            count(entry.member, -1);
        }
        if (member.state().present()) {
            exhume(member.boot());
            if (entry == null) {
                present.put(member.boot(), new Entry(member, list.size(), confirmed));
                list.add(member);
            } else {
                entry.member = member;
                list.set(entry.index, member);
            }
            ring.put(Mix.of(member.boot()), member);
            count(member, 1);
            lost.remove(member.contact().anyBoot());
        } else {
            if (entry != null) {
                remove(entry);
            }
            bury(new Tombstone(member, now, confirmed));
        }
    }

    private void remove(Entry entry) {
        present.remove(entry.member.boot());
        ring.remove(Mix.of(entry.member.boot()));
        Member last = list.remove(list.size() - 1);
        if (last.boot() != entry.member.boot()) {
            list.set(entry.index, last);
            Entry moved = present.get(last.boot());
            if (moved != null) {
                moved.index = entry.index;
            }
        }
    }

    private void bury(Tombstone grave) {
        exhume(grave.member.boot());
        tombstones.put(grave.member.boot(), grave);
        if (tombstones.size() > MAX_TOMBSTONES) {
            exhume(tombstones.keySet().iterator().next());
        }
        Contact place = grave.member.contact().anyBoot();
        lost.remove(place);
        if (grave.member.state() == State.DEAD && !hasSomebodyAt(place)) {
            lost.put(place, grave.since);
            if (lost.size() > MAX_LOST) {
                lost.remove(lost.keySet().iterator().next());
            }
        }
    }

    private void exhume(long boot) {
        tombstones.remove(boot);
    }

    private void count(Member member, int sign) {
        payloads += sign * member.payload().size();
        long print = sign * member.fingerprint();
        hash += print;
        buckets[bucket(member.boot())] += print;
        places.merge(member.contact().anyBoot(), sign, (a, b) -> a + b == 0 ? null : Integer.valueOf(a + b));
    }

    /** Forgets tombstones of old. */
    void forget(long now) {
        List<Long> old = tombstones.values().stream()
                .filter(grave -> now - grave.since > Pace.TOMBSTONE)
                .map(grave -> grave.member.boot())
                .toList();
        old.forEach(this::exhume);
    }

    /**
     * Where members were that did not say that they leave, and since when nobody is there: kept when their tombstones
     * are long gone, for a cut may last for days.
     */
    Map<Contact, Long> lost() {
        return lost;
    }

    /** The same at every node that holds the same members. */
    long hash() {
        return hash;
    }

    /** The hash of one part. */
    long hash(int bucket) {
        return buckets[bucket];
    }

    /** Those present, this node included. */
    int size() {
        return list.size();
    }

    /** Those present, this node included; not to be held. */
    List<Member> members() {
        return list;
    }

    /** The tombstone of that boot, if it has one. */
    @Nullable
    Tombstone grave(long boot) {
        return tombstones.get(boot);
    }

    /**
     * Who has announced a leave since then, the last {@value #MAX_LEFT} of them; but nobody whose next run is there: who hears
     * of the leave before the return would do without it in between.
     */
    List<Member> leftSince(long since) {
        List<Member> left = tombstones.values().stream()
                .filter(grave -> grave.member.state() == State.LEFT && grave.since - since >= 0)
                .filter(grave -> !hasSomebodyAt(grave.member.contact()))
                .map(Tombstone::member)
                .toList();
        return left.subList(Math.max(0, left.size() - MAX_LEFT), left.size());
    }

    Collection<Tombstone> tombstones() {
        return tombstones.values();
    }

    boolean hasSomebodyAt(Contact place) {
        return places.containsKey(place.anyBoot());
    }

    /** All that is held in these parts, a bit each, by part. */
    SortedMap<Integer, List<Member>> in(long mask) {
        SortedMap<Integer, List<Member>> found = new TreeMap<>();
        Stream.concat(list.stream(), tombstones.values().stream().map(Tombstone::member))
                .filter(member -> (mask >>> bucket(member.boot()) & 1) != 0)
                .forEach(member -> found.computeIfAbsent(bucket(member.boot()), part -> new ArrayList<>())
                        .add(member));
        return found;
    }

    /** Whom this node probes: the next on the ring that is alive and not to be skipped; null if there is none. */
    @Nullable
    Member successor(long self, Set<Long> skip) {
        Map.Entry<Long, Member> next = ring.higherEntry(Mix.of(self));
        for (int step = 0; step < list.size(); step++) {
            next = next == null ? ring.firstEntry() : next;
            if (next == null || next.getValue().boot() == self) {
                return null;
            }
            Member member = next.getValue();
            if (member.state() == State.ALIVE && !skip.contains(member.boot())) {
                return member;
            }
            next = ring.higherEntry(next.getKey());
        }
        return null;
    }

    /** Whether the node is among the nearest before another on the ring, suspects not counted. */
    boolean precedes(long self, long other, int nearest) {
        Map.Entry<Long, Member> before = ring.lowerEntry(Mix.of(other));
        int counted = 0;
        for (int step = 0; step < list.size() && counted < nearest; step++) {
            before = before == null ? ring.lastEntry() : before;
            if (before == null || before.getValue().boot() == other) {
                return false;
            }
            if (before.getValue().boot() == self) {
                return true;
            }
            counted += before.getValue().state() == State.ALIVE ? 1 : 0;
            before = ring.lowerEntry(before.getKey());
        }
        return false;
    }

    /** Up to so many others at random, none twice, without these two. */
    List<Member> some(int count, long self, long other, RandomGenerator random) {
        if (list.size() <= count + 2) {
            return list.stream()
                    .filter(member -> member.boot() != self && member.boot() != other)
                    .toList();
        }
        Map<Long, Member> chosen = new LinkedHashMap<>();
        for (int tries = 0; tries < 8 * count && chosen.size() < count; tries++) {
            Member member = list.get(random.nextInt(list.size()));
            if (member.boot() != self && member.boot() != other) {
                chosen.put(member.boot(), member);
            }
        }
        return List.copyOf(chosen.values());
    }
}
