package io.onlink.peer;

import io.onlink.inet.Ipv4;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Who counts as a member, gossip's word weighed against the peer's own kernel: an agent's death is not its host's.
 *
 * <p>A member that gossip loses without an announced leave is not dropped: its kernel is asked. While that answers, the
 * member is held, for at most the hold time since gossip lost it; once it is silent the member goes at once.
 *
 * <p>Unless it may be this host that is cut off: with every such question some other members are asked too, seeds first.
 * If no seed answers, and more than a set share of those asked is silent, nobody goes until a seed answers, the share is
 * no longer exceeded, or somebody comes back: the mass-departure guard. And while not one question gets out of this host,
 * time stands still for the held: their hold begins when somebody can be asked again.
 *
 * <p>Owned by the agent's thread; time comes as an argument, from a monotonic clock, in nanoseconds.
 */
public final class Roster {
    /** How often a held member's kernel is asked again. */
    static final Duration PROBE_PERIOD = Duration.ofSeconds(2);

    /** After which an answer is no longer waited for: a question ends by itself well within, in 5 s at most. */
    static final Duration PATIENCE = PROBE_PERIOD.multipliedBy(4);

    /** Fewest silent hosts that the guard takes for a mass. */
    static final int MASS = 3;

    /** Most other members asked along with lost ones, unless more are lost. */
    static final int WITNESSES = 16;

    /** Most other members asked however many are lost: as many as are lost, or their answers could not outweigh. */
    static final int MAX_WITNESSES = 64;

    /** Most lost members asked in a period while the guard stands. */
    static final int MAX_ASKED_GUARDING = 64;

    /** Most lost members asked in any period: each question takes up to five sockets. */
    static final int MAX_ASKED = 1024;

    private final Policy policy;
    private final Map<NodeName, Entry> entries = new HashMap<>();
    private final Namesakes namesakes = new Namesakes();
    private final List<Advertisement> refused = new ArrayList<>();
    private final List<News> news = new ArrayList<>();
    private final Map<NodeName, Departure> departures = new HashMap<>();
    private Set<Ipv4> seeds = Set.of();
    private boolean guarding;

    /** Whether a question of this round has got out; whether none of the last has. */
    private boolean reached;

    private boolean mute;
    private long nextRound;
    private long patience;
    private boolean askAll;
    private boolean holdAnew;
    private int left;

    /**
     * How a roster decides.
     *
     * @param hold how long the members whose hosts answer are held
     * @param credible whether an advertisement may displace another of its name; what is not is shown, never held
     * @param seeds node IPs of now whose answer proves that this host is not cut off; empty: any member's does
     * @param massShare percentage of silent hosts beyond which the guard stands, 1 to 100; 100 turns it off
     */
    public record Policy(Duration hold, Predicate<Advertisement> credible, Supplier<Set<Ipv4>> seeds, int massShare) {
        /** With seeds that are known once and for all. */
        public Policy(Duration hold, Predicate<Advertisement> credible, Set<Ipv4> seeds, int massShare) {
            this(hold, credible, () -> seeds, massShare);
        }
    }

    /** What became of a member that gossip lost: its host answers for the first time, or it is gone. */
    public record News(NodeName name, boolean answers) {}

    /** An empty roster. */
    public Roster(Policy policy) {
        this.policy = policy;
    }

    /** Takes in a snapshot. */
    public void gossip(Gossip snapshot, long nowNanos) {
        refused.clear();
        List<Advertisement> believed = new ArrayList<>();
        snapshot.alive().forEach(one -> (policy.credible().test(one) ? believed : refused).add(one));
        List<Advertisement> held = entries.values().stream()
                .filter(entry -> !entry.isSilent())
                .map(entry -> entry.advertisement)
                .toList();
        Map<NodeName, Advertisement> alive = namesakes.counting(believed, snapshot.left(), held);
        entries.values().removeIf(entry -> {
            Advertisement run = entry.advertisement;
            boolean gone = !alive.containsKey(run.name())
                    && (snapshot.left().contains(run.boot()) || namesakes.hasLeftSince(run));
            left += gone ? 1 : 0;
            if (gone) {
                departed(entry, new Departure(Departure.Cause.LEFT, nowNanos));
            }
            return gone;
        });
        alive.forEach(this::seen);
        entries.forEach((name, entry) -> {
            if (entry.alive && !alive.containsKey(name)) {
                entry.alive = false;
                entry.lostAt = nowNanos;
                entry.probeAt = nowNanos;
                entry.said = false;
                askAll = true;
            }
        });
    }

    private void seen(NodeName name, Advertisement advertisement) {
        Entry entry = entries.computeIfAbsent(name, n -> new Entry(advertisement));
        if (entry.hear(advertisement) && guarding) {
            release();
        }
    }

    /** The guard is over, or this host is no longer mute: whoever is still lost is asked afresh, and held from now. */
    private void release() {
        guarding = false;
        askAll = true;
        holdAnew = true;
    }

    /**
     * Takes in what came of asking a member's kernel; an old boot's answer is ignored. Who could not be asked stays, and
     * is asked again, until the hold time is over, or for as long as nobody at all can be asked.
     */
    public void probed(NodeName name, long boot, Verdict verdict) {
        Entry entry = entries.get(name);
        if (entry == null || entry.advertisement.boot() != boot || !entry.asked) {
            return;
        }
        entry.asked = false;
        entry.voice = verdict;
        reached |= verdict != Verdict.NOT_ASKED;
        if (!entry.alive && verdict == Verdict.ANSWERED && !entry.said) {
            entry.said = true;
            news.add(new News(name, true));
        }
        if (mute && reached) {
            mute = false;
            release();
        } else {
            // Where no witness is asked, whoever gossip still holds is one.
            mute = !reached && !isAsking() && (isMassPossible() || alive() == 0);
            settle();
        }
    }

    /** Whether not one question gets out of this host. */
    public boolean mute() {
        return mute;
    }

    /** Lets silent members go, if it is known that it is not this host that is cut off. */
    private void settle() {
        seeds = policy.seeds().get();
        if (makeWay() && guarding) {
            release();
            return;
        }
        boolean witnessed = witnessed();
        boolean open = askAll || isAsking();
        boolean fewer = !open && count(Verdict.ANSWERED) > 0 && !isMass();
        if (guarding && (witnessed || fewer)) {
            release();
            return;
        }
        if (guarding || askAll || (open && !witnessed && isMassPossible())) {
            return;
        }
        if (!witnessed && isMass()) {
            guarding = true;
            return;
        }
        boolean heard = count(Verdict.ANSWERED) > 0;
        entries.values().removeIf(entry -> {
            boolean gone = entry.isSilent() && (heard || entry.voice == Verdict.SILENT);
            if (gone) {
                news.add(new News(entry.advertisement.name(), false));
                departed(entry, new Departure(Departure.Cause.SILENT, entry.lostAt));
            }
            return gone;
        });
    }

    /** A run whose host is silent makes way for one of its name that gossip hears elsewhere, be that the older one. */
    private boolean makeWay() {
        boolean any = false;
        for (Map.Entry<NodeName, Entry> place : entries.entrySet()) {
            Advertisement heard = namesakes.outlived(place.getKey());
            if (heard != null && place.getValue().isSilent()) {
                place.setValue(new Entry(heard));
                any = true;
            }
        }
        return any;
    }

    private boolean isAsking() {
        return entries.values().stream().anyMatch(entry -> entry.asked);
    }

    private boolean isMassPossible() {
        return entries.size() >= MASS && policy.massShare() < 100;
    }

    /** Whether a seed's host has answered since the last question; where no seed is a member, any member's. */
    private boolean witnessed() {
        boolean noSeeds = entries.values().stream().noneMatch(this::isSeed);
        return entries.values().stream()
                .anyMatch(entry -> entry.voice == Verdict.ANSWERED && (noSeeds || isSeed(entry)));
    }

    private boolean isSeed(Entry entry) {
        return seeds.contains(entry.advertisement.nodeIp());
    }

    private boolean isMass() {
        long silent = count(Verdict.SILENT) + count(Verdict.UNREACHABLE);
        long heard = silent + count(Verdict.ANSWERED);
        return isMassPossible() && silent >= MASS && silent * 100 > heard * policy.massShare();
    }

    private long count(Verdict voice) {
        return entries.values().stream().filter(entry -> entry.voice == voice).count();
    }

    /**
     * The members whose kernels are to be asked now: lost ones once a period, and witnesses with them.
     *
     * <p>Whoever is being asked is not asked again, lest losses in a row put the answer off without end; but afresh
     * after the guard, for those questions are from before. While it stands only some are asked, in turn, seeds always.
     * Nor is anybody asked once more before all have answered, unless another is lost: questions out of step would leave
     * no moment to weigh the answers in.
     */
    public List<Advertisement> probesDue(long nowNanos) {
        seeds = policy.seeds().get();
        boolean early = guarding ? nextRound - nowNanos > 0 : !askAll && isAsking() && patience - nowNanos > 0;
        if (early) {
            return List.of();
        }
        if (holdAnew) {
            entries.values().forEach(entry -> entry.asked = false);
            entries.values().stream().filter(entry -> !entry.alive).forEach(entry -> entry.lostAt = nowNanos);
        }
        if (askAll) {
            entries.values().stream()
                    .filter(entry -> !entry.alive && !entry.asked && entry.probeAt - nowNanos > 0)
                    .forEach(entry -> entry.probeAt = nowNanos);
        }
        askAll = false;
        holdAnew = false;
        reached &= isAsking();
        nextRound = nowNanos + PROBE_PERIOD.toNanos();
        List<Entry> due = new ArrayList<>(lostAndDue(nowNanos));
        due.forEach(entry -> entry.probeAt = nextRound);
        if (!due.isEmpty() && isMassPossible()) {
            entries.values().stream().filter(entry -> entry.alive).forEach(entry -> entry.voice = Verdict.NOT_ASKED);
            witnesses().forEach(due::add);
        }
        due.forEach(entry -> {
            entry.asked = true;
            entry.voice = Verdict.NOT_ASKED;
        });
        if (!due.isEmpty()) {
            patience = nowNanos + PATIENCE.toNanos();
        }
        return due.stream().map(entry -> entry.advertisement).toList();
    }

    private List<Entry> lostAndDue(long nowNanos) {
        return entries.values().stream()
                .filter(entry -> !entry.alive && entry.probeAt - nowNanos <= 0)
                .sorted(Comparator.comparing((Entry entry) -> !isSeed(entry))
                        .thenComparing(entry -> entry.probeAt - nowNanos))
                .limit(guarding ? MAX_ASKED_GUARDING : MAX_ASKED)
                .toList();
    }

    private Stream<Entry> witnesses() {
        return entries.values().stream()
                .filter(entry -> entry.alive)
                .sorted(Comparator.comparing((Entry entry) -> !isSeed(entry))
                        .thenComparing(entry -> entry.advertisement.boot()))
                .limit(Math.max(WITNESSES, Math.min(held(), MAX_WITNESSES)))
                .filter(entry -> !entry.asked);
    }

    /**
     * Drops members whose hold has run out, but no one whose answer is still to be weighed; none while the guard stands
     * or this host is mute, or before they are held anew after that.
     */
    public void expire(long nowNanos) {
        if (guarding || mute || holdAnew) {
            return;
        }
        boolean open = askAll || (isAsking() && patience - nowNanos > 0);
        entries.values().removeIf(entry -> {
            boolean gone =
                    !entry.alive && nowNanos - entry.lostAt >= policy.hold().toNanos() && !isUndecided(entry, open);
            if (gone) {
                departed(entry, new Departure(Departure.Cause.EXPIRED, entry.lostAt));
            }
            return gone;
        });
        namesakes.succeed(entries, Entry::new);
    }

    private void departed(Entry entry, Departure departure) {
        departures.put(entry.advertisement.name(), departure);
    }

    /** Who has gone since the last call. */
    public Map<NodeName, Departure> departures() {
        Map<NodeName, Departure> all = Map.copyOf(departures);
        departures.clear();
        return all;
    }

    private static boolean isUndecided(Entry entry, boolean open) {
        return entry.voice == Verdict.SILENT || (open && (entry.asked || entry.voice == Verdict.UNREACHABLE));
    }

    /** When {@link #probesDue} or {@link #expire} has something to do next, in nanoseconds of the same clock. */
    public OptionalLong deadline() {
        boolean open = askAll || isAsking();
        return entries.values().stream()
                .filter(entry -> !entry.alive)
                .mapToLong(entry -> deadline(entry, open))
                .min();
    }

    private long deadline(Entry entry, boolean open) {
        if (guarding) {
            return Math.max(entry.probeAt, nextRound);
        }
        long ask = open && !askAll ? Math.max(entry.probeAt, patience) : entry.probeAt;
        return mute || isUndecided(entry, open)
                ? ask
                : Math.min(ask, entry.lostAt + policy.hold().toNanos());
    }

    /** What has happened since the last call. */
    public List<News> news() {
        List<News> all = List.copyOf(news);
        news.clear();
        return all;
    }

    /** The claims that are credible, of members alive and of members held. */
    public Collection<Advertisement> credible() {
        return entries.values().stream().map(entry -> entry.advertisement).toList();
    }

    /** The claims that count, of members alive and of members held, and those that are not credible. */
    public Collection<Advertisement> members() {
        return Stream.concat(credible().stream(), refused.stream()).toList();
    }

    /** Members that gossip holds alive. */
    public int alive() {
        return (int) entries.values().stream().filter(entry -> entry.alive).count();
    }

    /** Members lost to gossip whose routes stay. */
    public int held() {
        return entries.size() - alive();
    }

    /** Of the held, those kept by the mass-departure guard alone; 0 while it does not stand. */
    public int guarded() {
        return guarding ? held() : 0;
    }

    /** Members that have announced their leave since the start. */
    public int left() {
        return left;
    }
}
