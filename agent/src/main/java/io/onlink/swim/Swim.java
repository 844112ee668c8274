package io.onlink.swim;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One member of the mesh: a state machine without threads, clock or sockets.
 *
 * <p>Every input bears the time, in nanoseconds of a monotonic clock that never goes back. After an input,
 * {@link #drain} gives what is to be sent and {@link #deadline} when {@link #tick} is to be called at the latest.
 */
public final class Swim {
    /** Members a leaver tells directly. */
    private static final int TOLD_OF_LEAVE = 256;

    private final Beliefs beliefs;
    private final Outbox outbox = new Outbox();
    private final Prober prober;
    private final Rounds rounds;
    private final Exchange exchange;
    private final Knocks knocks;
    private long expectedAt;
    private long seenVersion;
    private long settledAt;
    private boolean left;

    /**
     * A member that knows nobody yet.
     *
     * @param self where it is, with its boot id
     * @param payload what it says of itself
     * @param token {@value Bytes#TOKEN_LENGTH} random bytes, known to nobody until it leaves
     * @param random chance; seeded, it makes runs repeatable
     */
    public Swim(long now, Contact self, Bytes payload, Bytes token, RandomGenerator random) {
        Member me = new Member(self, 0, State.ALIVE, payload, token.pledge(), List.of());
        this.beliefs = new Beliefs(now, me, token, new Health());
        this.prober = new Prober(now, beliefs, outbox, random);
        this.rounds = new Rounds(now, beliefs, outbox, random);
        this.exchange = new Exchange(now, beliefs, outbox);
        this.knocks = new Knocks(now, beliefs, exchange, random);
        this.expectedAt = now;
        this.settledAt = now;
    }

    /** Does what is due. */
    public void tick(long now) {
        wake(now);
        work(now);
    }

    /** Takes a message in, from a sender that is known to be the one with that boot id. */
    public void receive(long now, Contact from, Message message) {
        wake(now);
        if (!left && from.boot() != beliefs.self().boot()) {
            boolean alone = beliefs.alone();
            long incarnation = beliefs.self().incarnation();
            prober.heard(now);
            beliefs.unheard.heard(now, from.boot());
            take(now, answerable(from), message);
            tellWhoLeft(from.boot());
            tellWhatItMissed(answerable(from));
            if (alone && !beliefs.alone()) {
                rounds.announce(Rounds.ANNOUNCED);
            } else if (beliefs.self().incarnation() != incarnation && !(message instanceof Message.Ping)) {
                // Who told of our death is the first to hear that we live; after a ping the ack says so.
                outbox.send(answerable(from), new Message.News(List.of(beliefs.self())));
            }
        }
        work(now);
    }

    /**
     * One that was cut off is back: who took their leave meanwhile it holds dead, as we would in its place, and it would not
     * ask, for tombstones are no part of a view's hash. It is told by everybody who hears it for the first time again: some
     * may have started only since, and what another said to it may be lost.
     */
    private void tellWhoLeft(long boot) {
        View.Tombstone grave = beliefs.takeReturned(boot);
        Member back = member(boot);
        if (grave == null || back == null) {
            return;
        }
        List<Member> left = beliefs.view.leftSince(grave.since() - Pace.UNNOTICED);
        if (!left.isEmpty()) {
            outbox.send(back.contact(), new Message.News(left));
        }
    }

    /**
     * Who speaks of somebody's silence has not heard of the leave, for of many packets lost one may have been that. As no
     * hash shows it the difference between a leave and a death, it is told.
     */
    private void tellWhatItMissed(Contact from) {
        List<Member> left = beliefs.takeMissed();
        if (!left.isEmpty()) {
            outbox.send(from, new Message.News(left));
        }
    }

    /** A member is answered where it says that it is, not where a packet came from: streams have ports of their own. */
    private Contact answerable(Contact from) {
        Member known = beliefs.view.get(from.boot());
        return known == null ? from : known.contact();
    }

    /** A nack needs nothing done: that it was heard is its message. */
    private void take(long now, Contact from, Message message) {
        if (message instanceof Message.Ping ping) {
            hear(now, ping.news(), from);
            prober.ping(from, ping);
            if (beliefs.view.get(from.boot()) == null) {
                exchange.meet(now, from);
            }
        } else if (message instanceof Message.Ack ack) {
            hear(now, ack.news(), from);
            prober.ack(now, from, ack.seq());
            exchange.compare(now, from, ack.view());
        } else if (message instanceof Message.News news) {
            hear(now, news.news(), from);
        } else if (message instanceof Message.Digest digest) {
            exchange.digest(now, from, digest);
        } else if (message instanceof Message.Records records) {
            exchange.records(now, from, records);
        } else if (message instanceof Message.PingRequest request) {
            prober.request(now, from, request);
        }
    }

    private void hear(long now, List<Member> news, Contact from) {
        beliefs.hear(now, news, from, true);
    }

    /** Says anew what this member says of itself. */
    public void advertise(long now, Bytes payload) {
        wake(now);
        if (!left && !payload.equals(beliefs.self().payload())) {
            beliefs.renew(now, payload, beliefs.self().incarnation());
            rounds.announce(Rounds.ANNOUNCED);
            work(now);
        }
    }

    /** Knocks at these places, with growing pauses, whenever nobody is known there. */
    public void seeds(long now, Collection<Contact> places) {
        wake(now);
        knocks.seeds(now, places);
        work(now);
    }

    /** Leaves: tells the others, and does nothing from then on. */
    public void leave(long now) {
        if (!left) {
            beliefs.leave(now);
            left = true;
            rounds.announce(TOLD_OF_LEAVE);
            rounds.announce(TOLD_OF_LEAVE);
        }
    }

    /** Whoever wakes late has stood still: its own clock says nothing of the others. */
    private void wake(long now) {
        long late = now - expectedAt;
        if (expectedAt != Pace.NEVER) {
            beliefs.counts.lag().late(now, late);
        }
        if (expectedAt != Pace.NEVER && late > Pace.LATE) {
            prober.postpone(late + Pace.GRACE);
            beliefs.health.worse();
            beliefs.suspicions().forEach(entry -> entry.getValue().postpone(late + Pace.GRACE));
        }
        if (expectedAt != Pace.NEVER && late > Pace.AWAY) {
            settledAt = complete() ? now + Pace.SETTLING : settledAt;
            beliefs.stoodStill(now);
        }
        expectedAt = Pace.NEVER;
    }

    private void work(long now) {
        if (!left) {
            if (Pace.due(prober.deadline(), now)) {
                beliefs.expire(now);
                prober.tick(now);
            }
            if (seenVersion != beliefs.version()) {
                seenVersion = beliefs.version();
                knocks.look(now);
            }
            knocks.tick(now);
            rounds.tick(now);
        }
        beliefs.counts.state(
                beliefs.health.score(),
                beliefs.rumours.size(),
                beliefs.suspicions().size());
        long next = deadline();
        expectedAt = next == Pace.NEVER ? next : next - now < 0 ? now : next;
    }

    /** When to call {@link #tick} at the latest; {@link Long#MAX_VALUE} if there is nothing to wait for. */
    public long deadline() {
        if (left) {
            return Pace.NEVER;
        }
        long next = Pace.earlier(prober.deadline(), rounds.deadline());
        return Pace.earlier(next, knocks.deadline());
    }

    /**
     * How long what is known had better not be acted on, in nanoseconds; 0 or less if it may be. Who has stood still for
     * long hears what it missed in any order, a leave before the return.
     */
    public long settling(long now) {
        return settledAt - now;
    }

    /** What is to be sent, in order; it is handed out once. */
    public List<Send> drain() {
        return outbox.drain();
    }

    /** The members present, suspects included, this one excluded. */
    public List<Member> members() {
        long self = beliefs.self().boot();
        return beliefs.view.members().stream()
                .filter(member -> member.boot() != self)
                .toList();
    }

    /** What is held of the member of that boot id; null if it is not present. */
    public @Nullable Member member(long boot) {
        Member held = beliefs.view.get(boot);
        return held != null && held.state().present() ? held : null;
    }

    /** Boot ids of those that have announced their leave, as long as that is remembered. */
    public List<Long> departed() {
        List<Long> departed = new ArrayList<>();
        for (View.Tombstone grave : beliefs.view.tombstones()) {
            if (grave.member().state() == State.LEFT) {
                departed.add(grave.member().boot());
            }
        }
        return departed;
    }

    /** Grows with every change of {@link #members} and {@link #departed}. */
    public long version() {
        return beliefs.version();
    }

    /** What was held against others so far. */
    public Tally tally() {
        return beliefs.tally();
    }

    /** What it counts; any thread may read it. */
    public Counts counts() {
        return beliefs.counts;
    }

    /**
     * How long an answer may take in this mesh, by those of late: the round trip of a ping, smoothed, and four times its
     * deviation (RFC 6298 section 2), in nanoseconds; 0 before the first. Answers too late to save a member count too.
     */
    public long allowance() {
        return prober.allowance();
    }

    /** There is nobody to ask who the members are: this one is the only seed. */
    public void alone() {
        exchange.alone();
    }

    /** Whether another member has given all it holds: the members are known. */
    public boolean complete() {
        return exchange.complete();
    }

    /** Whether it has been found dead here at that time. */
    boolean isBuried(long boot, long since) {
        return beliefs.view.tombstones().stream()
                .anyMatch(grave -> grave.member().boot() == boot
                        && grave.member().state() == State.DEAD
                        && grave.since() == since);
    }

    /** What this member says of itself. */
    public Member self() {
        return beliefs.self();
    }

    /** How well this node itself seems to be: 0, well, to {@value Health#WORST}. */
    public int health() {
        return beliefs.health.score();
    }
}
