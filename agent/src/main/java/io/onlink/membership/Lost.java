package io.onlink.membership;

import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Where members were that gossip dropped, knocked at for an hour: two halves of a mesh that was cut find one another
 * again, with or without a common seed. Of one thread.
 */
final class Lost {
    /** Most places kept; the longest lost goes first. */
    static final int MAX = 256;

    /** Most places knocked at in one round. */
    static final int PER_ROUND = 4;

    private static final long KEPT_NANOS = TimeUnit.HOURS.toNanos(1);

    private final Map<Endpoint, Long> since = new LinkedHashMap<>();
    private int turn;

    void add(Endpoint where, long now) {
        since.putIfAbsent(where.anyBoot(), now);
        if (since.size() > MAX) {
            Iterator<Endpoint> oldest = since.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** Forgets those that are back or too old, and gives those whose turn it is. */
    List<Endpoint> due(Collection<Endpoint> here, long now) {
        since.keySet().removeAll(here);
        since.values().removeIf(start -> now - start > KEPT_NANOS);
        List<Endpoint> all = List.copyOf(since.keySet());
        int count = Math.min(PER_ROUND, all.size());
        int first = turn;
        turn += count;
        return java.util.stream.IntStream.range(first, first + count)
                .mapToObj(i -> all.get(Math.floorMod(i, all.size())))
                .toList();
    }
}
