package io.onlink.swim;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Where to knock without being asked to: at seeds nobody is known at, and at the places of lost members, so that two
 * halves of a mesh that was cut find one another, with or without a common seed.
 */
final class Knocks {
    /** Lost places that are tried each second, by all members together, if there is but one. */
    private static final double LEAST = 4;

    private static final class Seed {
        long pause = Pace.KNOCK;
        long at;
        boolean here;

        /** Whether it was knocked at, and it is not known yet whether anybody is there. */
        boolean tried;

        Seed(long at) {
            this.at = at;
        }
    }

    private final Beliefs beliefs;
    private final Exchange exchange;
    private final RandomGenerator random;
    private final Map<Contact, Seed> seeds = new LinkedHashMap<>();
    private long lostAt;

    Knocks(long now, Beliefs beliefs, Exchange exchange, RandomGenerator random) {
        this.beliefs = beliefs;
        this.exchange = exchange;
        this.random = random;
        this.lostAt = now;
    }

    /** These are the seeds from now on. */
    void seeds(long now, Collection<Contact> places) {
        List<Contact> wanted = places.stream().map(Contact::anyBoot).distinct().toList();
        seeds.keySet().retainAll(wanted);
        wanted.forEach(place -> seeds.computeIfAbsent(place, p -> new Seed(now)));
    }

    void tick(long now) {
        seeds.forEach((place, seed) -> {
            if (Pace.due(seed.at, now)) {
                boolean here = beliefs.view.hasSomebodyAt(place);
                seed.at = now + jittered(here ? Pace.KNOCK_MISSING : seed.pause);
                long longest = beliefs.alone() ? Pace.KNOCK_ALONE : Pace.KNOCK_MISSING;
                seed.pause = here ? Pace.KNOCK : Math.min(2 * seed.pause, longest);
                settle(seed, here);
                if (!here) {
                    seed.tried = true;
                    exchange.open(place);
                }
            }
        });
        if (Pace.due(lostAt, now)) {
            lostAt = now + jittered(Pace.LOST);
            beliefs.view.forget(now);
            knockAtLost(now);
        }
    }

    /** What came of the last knock, when the next is due or somebody is there. */
    private void settle(Seed seed, boolean here) {
        if (seed.tried) {
            seed.tried = false;
            beliefs.counts.knocked(here);
        }
    }

    /** A quarter more or less, so that many nodes that began as one do not go on so. */
    private long jittered(long nanos) {
        return nanos * 3 / 4 + random.nextLong(nanos / 2);
    }

    /** At one place a second, or less often if many others do so for few places. */
    private void knockAtLost(long now) {
        List<Map.Entry<Contact, Long>> lost = List.copyOf(beliefs.view.lost().entrySet());
        double share = Math.max(LEAST, lost.size()) / beliefs.view.size();
        if (lost.isEmpty() || random.nextDouble() >= share) {
            return;
        }
        Map.Entry<Contact, Long> place = lost.get(random.nextInt(lost.size()));
        if (random.nextDouble() < haste(now - place.getValue())) {
            exchange.open(place.getKey());
        }
    }

    /** The share of tries that are made at a place lost that long ago: all at first, then fewer, but never none. */
    private static double haste(long age) {
        double pause = Math.min((double) Pace.LOST_LONG, age * (double) Pace.LOST / Pace.LOST_LATELY);
        return Math.min(1, (double) Pace.LOST / pause);
    }

    /** The view has changed: whoever is next at a seed's place that has become empty is to be greeted soon. */
    void look(long now) {
        seeds.forEach((place, seed) -> {
            boolean here = beliefs.view.hasSomebodyAt(place);
            if (seed.here && !here) {
                seed.pause = Pace.KNOCK;
                seed.at = now + Pace.KNOCK;
            }
            if (here) {
                settle(seed, true);
            }
            seed.here = here;
        });
    }

    long deadline() {
        long next = beliefs.view.lost().isEmpty() ? Pace.NEVER : lostAt;
        for (Seed seed : seeds.values()) {
            next = Pace.earlier(next, seed.at);
        }
        return next;
    }
}
