package io.onlink.probe;

import io.onlink.inet.Ipv4;
import io.onlink.peer.NodeName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Whom to ask what, and what the answers mean.
 *
 * <p>All is well: the peers are asked one after the other, one a second, each at most once in five; so a mesh of up to
 * ten knows of a fault within ten seconds, and a larger one spends no more. Whoever does not answer is asked again at
 * once, from a budget of its own size that all doubts share, and more rarely once it is clear that it is silent.
 */
public final class Prober {
    /** Questions a second at most, whatever happens. */
    static final int RATE = 5;

    /** Questions at once at most, after a quiet time. */
    static final int BURST = 15;

    /** Answers a second at most. */
    static final int ANSWER_RATE = 100;

    /** No larger packets are sent, whatever the tunnel takes: jumbo frames. */
    public static final int MOST_SIZE = 9216;

    private static final long EVERY = TimeUnit.SECONDS.toNanos(1);
    private static final long SAME = TimeUnit.SECONDS.toNanos(5);

    /** Somebody new may still be setting up its routes. */
    private static final long GRACE = TimeUnit.SECONDS.toNanos(1);

    /** Who wakes that late has stood still, and missed what came meanwhile. */
    private static final long STALL = TimeUnit.SECONDS.toNanos(1);

    private final RandomGenerator random;
    private final long run;
    private final Budget asks;
    private final Budget answers;
    private final Map<NodeName, Course> courses = new LinkedHashMap<>();
    private final Map<Ipv4, Course> byAddress = new HashMap<>();
    private final List<Course> ring = new ArrayList<>();
    private final Set<Course> busy = new LinkedHashSet<>();
    private final Map<NodeName, Integer> routeMtus = new HashMap<>();
    private final List<Path> news = new ArrayList<>();
    private final Set<NodeName> unheard = new LinkedHashSet<>();
    private int place;
    private int tunnelMtu;
    private long number;
    private long roundAt;

    /** The latest time up to which a silent peer rests. */
    private long restedAt;

    private long wakeAt;
    private long sentCount;
    private long answeredCount;
    private long servedCount;
    private long revision;

    /** Nobody to probe yet. */
    public Prober(RandomGenerator random, long now) {
        this.random = random;
        this.run = random.nextLong();
        this.number = random.nextLong();
        this.asks = new Budget(RATE, BURST, now);
        this.answers = new Budget(ANSWER_RATE, ANSWER_RATE, now);
        this.roundAt = now;
        this.restedAt = now;
        this.wakeAt = now;
    }

    /**
     * How many questions were sent, how many of them were answered, and how many of others were answered here.
     */
    public record Counts(long sent, long answered, long served) {
        /** Before anything. */
        public static final Counts NONE = new Counts(0, 0, 0);
    }

    /** Takes the peers as they are now, and the tunnel's MTU in bytes. */
    public void peers(Collection<Target> targets, int mtu, long now) {
        Map<NodeName, Course> before = new HashMap<>(courses);
        int most = Math.min(mtu, MOST_SIZE);
        boolean resized = most != tunnelMtu;
        tunnelMtu = most;
        courses.clear();
        byAddress.clear();
        for (Target target : targets) {
            Course course = before.remove(target.name());
            if (course == null || !course.target().addresses().equals(target.addresses())) {
                course = new Course(target, most, now + GRACE + (long) (GRACE * random.nextDouble()));
            } else {
                course.target(target, now);
                if (resized) {
                    course.tunnelMtu(most);
                }
            }
            Course known = course;
            courses.put(target.name(), known);
            target.addresses().forEach(address -> byAddress.put(address, known));
        }
        routeMtus.keySet().retainAll(courses.keySet());
        busy.retainAll(courses.values());
        ring.clear();
        ring.addAll(courses.values());
        for (Course course : ring) {
            look(course, now);
        }
        plan(now);
    }

    /** What is to be sent now. Take in all that has arrived before. */
    public List<Ask> tick(long now) {
        boolean stoodStill = now - wakeAt > STALL;
        int settled = (int) busy.stream().filter(Course::isSettled).count();
        long rest = Math.max(SAME, settled * EVERY);
        for (Course course : List.copyOf(busy)) {
            if (stoodStill) {
                course.forgive(now);
            }
            course.expire(now);
            look(course, now);
        }
        List<Ask> asked = new ArrayList<>();
        if (now - roundAt >= 0 && asks.has(now)) {
            round(asked, rest, now);
        }
        for (Course course : due(now)) {
            ask(course, asked, rest, now);
        }
        plan(now);
        return asked;
    }

    /**
     * Those with something to ask, in their order if the budget is short: first of whom it is to be found out whether they
     * are silent, one after the other, for each takes a few questions only, and whose rest is over; then the others, who
     * has waited longest first.
     */
    private List<Course> due(long now) {
        return busy.stream()
                .filter(course -> now - course.dueAt() >= 0)
                .sorted(Comparator.comparingLong(course -> course.isUrgent() ? Long.MIN_VALUE : course.dueAt() - now))
                .toList();
    }

    /** Asks the next of those of whom all is well. It comes before all else: less than that finds no new fault. */
    private void round(List<Ask> asked, long rest, long now) {
        roundAt = now + Math.max(EVERY, SAME / Math.max(1, ring.size()));
        for (int i = 0; i < ring.size(); i++) {
            place = (place + 1) % ring.size();
            Course course = ring.get(place);
            if (!course.busy() && course.target().routed()) {
                ask(course, asked, rest, now);
                return;
            }
        }
    }

    private void ask(Course course, List<Ask> asked, long rest, long now) {
        if (asks.take(now)) {
            number++;
            sentCount++;
            asked.add(course.ask(number, now, course.isSettled() ? spread(rest, now) : rest));
            look(course, now);
        }
    }

    /** How long a silent peer rests: so long that such questions do not come in bunches, as their silence may have. */
    private long spread(long rest, long now) {
        long until = now + rest - restedAt < EVERY ? restedAt + EVERY : now + rest;
        long most = rest + rest / 2;
        restedAt = until - now > most ? now + most : until;
        return restedAt - now;
    }

    /** Files the course where it belongs now, and tells if its verdict is another. */
    private void look(Course course, long now) {
        if (course.busy()) {
            busy.add(course);
        } else {
            busy.remove(course);
        }
        if (course.tellsNews(now)) {
            news.add(course.path(now));
        }
        if (course.resized()) {
            routeMtus.put(course.target().name(), course.routeMtu());
            revision++;
        }
    }

    private void plan(long now) {
        long free = asks.freeAt();
        long round = roundAt - free < 0 ? free : roundAt;
        long next = ring.isEmpty() ? now + TimeUnit.HOURS.toNanos(1) : round;
        for (Course course : busy) {
            long ask = course.dueAt() - free < 0 ? free : course.dueAt();
            next = ask - next < 0 ? ask : next;
            long lost = course.lostAt();
            next = lost != Long.MAX_VALUE && lost - next < 0 ? lost : next;
        }
        wakeAt = next - now < 0 ? now : next;
    }

    /** When {@link #tick} is next to be called. */
    public long next() {
        return wakeAt;
    }

    /** The question as it goes on the wire. */
    public Packet packet(Ask ask) {
        return new Packet(false, ask.size(), ask.heard(), run, ask.number());
    }

    /** Takes a packet that bears a good stamp; gives the answer to a question of a peer. */
    public Optional<Packet> received(Ipv4 from, Packet packet, long now) {
        Course course = byAddress.get(from);
        if (course == null) {
            return Optional.empty();
        }
        course.heardFrom(from);
        Packet answer = null;
        if (packet.answer()) {
            if (packet.run() == run && course.answered(packet.number(), packet.size(), now)) {
                answeredCount++;
            }
        } else if (answers.take(now)) {
            servedCount++;
            int heard = course.hearing(packet.heard(), now, Math.max(SAME, ring.size() * EVERY));
            if (course.unheard()) {
                unheard.add(course.target().name());
            }
            answer = new Packet(true, packet.size(), heard, packet.run(), packet.number());
        }
        look(course, now);
        plan(now);
        return Optional.ofNullable(answer);
    }

    /** The peers that ask, and to whom it is news that they are heard, since this was last asked. */
    public List<NodeName> unheard() {
        List<NodeName> taken = List.copyOf(unheard);
        unheard.clear();
        return taken;
    }

    /** The peer says beside the tunnel that our questions reach it. */
    public void heardThere(NodeName peer, long now) {
        Course course = courses.get(peer);
        if (course != null) {
            course.heardThere(now);
            look(course, now);
        }
    }

    /** Whether somebody has not answered, so that it is worth asking the guard what it drops. */
    public boolean doubts() {
        return busy.stream().anyMatch(Course::doubted);
    }

    /** What this host's guard has dropped lately: all there is, before the next {@link #tick}. */
    public void dropped(Collection<Dropped> strays, long now) {
        Map<Ipv4, Dropped> byInner = new HashMap<>();
        Map<Ipv4, Dropped> byOuter = new HashMap<>();
        for (Dropped stray : strays) {
            byInner.put(stray.inner(), stray);
            byOuter.put(stray.outer(), stray);
        }
        for (Course course : List.copyOf(busy)) {
            if (course.doubted()) {
                Target target = course.target();
                Dropped stray = target.addresses().stream()
                        .map(byInner::get)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(byOuter.get(target.nodeIp()));
                course.guard(stray == null ? "" : words(target, stray));
                look(course, now);
            }
        }
    }

    private static String words(Target target, Dropped stray) {
        return stray.outer().equals(target.nodeIp())
                ? "its packets have the inner source " + stray.inner() + ", which is in none of its subnets"
                : "its packets come from " + stray.outer() + ", not from its node IP " + target.nodeIp();
    }

    /** The host of that address says that nobody listens at the port. */
    public void refused(Ipv4 from, long now) {
        Course course = byAddress.get(from);
        if (course != null) {
            course.refused(now);
            look(course, now);
            plan(now);
        }
    }

    /** The network, or this host, says that packets to that address may have that many bytes and no more. */
    public void tooBig(Ipv4 to, int mtu, long now) {
        Course course = byAddress.get(to);
        if (course != null) {
            course.tooBig(mtu, now);
            look(course, now);
            plan(now);
        }
    }

    /** Every path as it is now, in the order of the peers given. */
    public List<Path> paths(long now) {
        return ring.stream().map(course -> course.path(now)).toList();
    }

    /** The MTU that routes to each peer are to have, 0 for the tunnel's own; peers not measured yet are missing. */
    public Map<NodeName, Integer> routeMtus() {
        return Map.copyOf(routeMtus);
    }

    /** Grows with every change of {@link #routeMtus}, but for peers that go. */
    public long revision() {
        return revision;
    }

    /** The paths whose verdict has changed since this was last asked. */
    public List<Path> news() {
        List<Path> taken = List.copyOf(news);
        news.clear();
        return taken;
    }

    public Counts counts() {
        return new Counts(sentCount, answeredCount, servedCount);
    }
}
