package io.onlink.peer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Who counts as a member, gossip's word weighed against the peer's own kernel: an agent's death is not its host's.
 *
 * <p>A member that gossip loses without an announced leave is not dropped: its kernel is asked. While that answers, the
 * member is held, for at most the hold time since gossip lost it; once it is silent the member goes at once. Owned by
 * the agent's thread; time comes as an argument, from a monotonic clock, in nanoseconds.
 */
public final class Roster {
    /** How often a held member's kernel is asked again. */
    static final Duration PROBE_PERIOD = Duration.ofSeconds(2);

    private final long holdNanos;
    private final Map<NodeName, Entry> entries = new HashMap<>();
    private int left;

    private static final class Entry {
        Advertisement advertisement;
        boolean alive = true;
        long lostAt;
        long probeAt;
        boolean answered;

        Entry(Advertisement advertisement) {
            this.advertisement = advertisement;
        }
    }

    /** An empty roster. */
    public Roster(Duration hold) {
        this.holdNanos = hold.toNanos();
    }

    /** Takes in a snapshot. */
    public void gossip(Gossip snapshot, long nowNanos) {
        Map<NodeName, Advertisement> alive = new HashMap<>();
        for (Advertisement member : snapshot.alive()) {
            alive.merge(member.name(), member, (a, b) -> b.supersedes(a) ? b : a);
        }
        entries.values().removeIf(entry -> {
            boolean gone = snapshot.left().contains(entry.advertisement.boot())
                    && !alive.containsKey(entry.advertisement.name());
            left += gone ? 1 : 0;
            return gone;
        });
        alive.forEach((name, advertisement) -> {
            Entry entry = entries.computeIfAbsent(name, n -> new Entry(advertisement));
            entry.alive = true;
            entry.advertisement = advertisement;
        });
        entries.forEach((name, entry) -> {
            if (entry.alive && !alive.containsKey(name)) {
                entry.alive = false;
                entry.lostAt = nowNanos;
                entry.probeAt = nowNanos;
                entry.answered = false;
            }
        });
    }

    /**
     * Takes in the answer, or the silence, of a member's kernel; an old boot's answer is ignored.
     *
     * @return whether it is news: a silence, or the first answer since gossip lost the member
     */
    public boolean probed(NodeName name, long boot, boolean answered) {
        Entry entry = entries.get(name);
        if (entry == null || entry.alive || entry.advertisement.boot() != boot) {
            return false;
        }
        boolean news = !answered || !entry.answered;
        entry.answered = answered;
        if (!answered) {
            entries.remove(name);
        }
        return news;
    }

    /** The members whose kernels are to be asked now; each is named once a period. */
    public List<Advertisement> probesDue(long nowNanos) {
        List<Advertisement> due = new ArrayList<>();
        for (Entry entry : entries.values()) {
            if (!entry.alive && entry.probeAt - nowNanos <= 0) {
                entry.probeAt = nowNanos + PROBE_PERIOD.toNanos();
                due.add(entry.advertisement);
            }
        }
        return due;
    }

    /** Drops members whose hold has run out. */
    public void expire(long nowNanos) {
        entries.values().removeIf(entry -> !entry.alive && nowNanos - entry.lostAt >= holdNanos);
    }

    /** When {@link #probesDue} or {@link #expire} has something to do next, in nanoseconds of the same clock. */
    public OptionalLong deadline() {
        return entries.values().stream()
                .filter(entry -> !entry.alive)
                .mapToLong(entry -> Math.min(entry.probeAt, entry.lostAt + holdNanos))
                .min();
    }

    /** The claims that count: of members alive and of members held. */
    public Collection<Advertisement> members() {
        return entries.values().stream().map(entry -> entry.advertisement).toList();
    }

    /** Members that gossip holds alive. */
    public int alive() {
        return (int) entries.values().stream().filter(entry -> entry.alive).count();
    }

    /** Members lost to gossip whose routes stay. */
    public int held() {
        return entries.size() - alive();
    }

    /** Members that have announced their leave since the start. */
    public int left() {
        return left;
    }
}
