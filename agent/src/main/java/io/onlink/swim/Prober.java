package io.onlink.swim;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Asks whether members answer.
 *
 * <p>Each probes its successor on a ring in which members stand by the hash of their boot id, once a period: so each is
 * probed once a period, whereas with targets drawn at random one in three is not. One that does not answer is asked by
 * others in our name, and the one behind it is looked at too: neighbours that die at one time are all found. Whom
 * somebody accuses is asked at once by its nearest predecessors, who tell it so and confirm it if it stays silent.
 */
final class Prober {
    /** Members asked to ask a silent one. */
    static final int INDIRECT = 3;

    /** Most members looked at in one go when one after the other is silent. */
    private static final int MAX_BURST = 8;

    /** Most questions of others that wait for an answer. */
    private static final int MAX_RELAYS = 4096;

    private static final class Probe {
        final Member target;
        private final Reprieve reprieve = new Reprieve();
        long begunAt;
        long indirectAt;
        long failedAt;
        long againAt;
        boolean asked;

        /** Whether an answer can only be one to the first question, which alone tells the round trip. */
        boolean once = true;

        final Set<Long> helpers = new HashSet<>();

        /** Asked again and again, for a datagram may be lost; then by others, too; then it is silent. */
        Probe(Member target, long now, Health health) {
            this.target = target;
            this.begunAt = now;
            this.againAt = now + health.stretched(2 * Pace.AGAIN);
            this.indirectAt = now + health.stretched(Pace.DIRECT);
            this.failedAt = now + health.stretched(Pace.PROBED);
        }

        void postpone(long nanos) {
            long more = reprieve.give(nanos);
            begunAt += more;
            once = false;
            indirectAt += more;
            failedAt += more;
        }

        long deadline() {
            return Pace.earlier(againAt, asked ? failedAt : indirectAt);
        }
    }

    private record Relay(Contact origin, int seq, long target, long nackAt) {}

    private final Beliefs beliefs;
    private final Outbox outbox;
    private final RandomGenerator random;
    private final Map<Integer, Probe> probes = new LinkedHashMap<>();
    private final Map<Integer, Relay> relays = new LinkedHashMap<>();
    private final RoundTrips trips = new RoundTrips();
    private int lastSeq;
    private int burst = 1;

    /** Whether this node stood still since the last probe began. */
    private boolean late;

    private long heardAt;
    private long nextAt;
    private long doubtAt;

    Prober(long now, Beliefs beliefs, Outbox outbox, RandomGenerator random) {
        this.beliefs = beliefs;
        this.outbox = outbox;
        this.random = random;
        this.heardAt = now;
        this.lastSeq = random.nextInt();
        this.nextAt = now + random.nextLong(Pace.PROBE);
        this.doubtAt = now;
    }

    /** This node stood still: what was answered meanwhile is yet to be read. */
    void postpone(long nanos) {
        probes.values().forEach(probe -> probe.postpone(nanos));
        relays.clear();
        late = true;
        trips.forget();
    }

    void tick(long now) {
        List<Member> silent = new ArrayList<>();
        for (Iterator<Probe> it = probes.values().iterator(); it.hasNext(); ) {
            Probe probe = it.next();
            if (Pace.due(probe.failedAt, now)) {
                it.remove();
                silent.add(probe.target);
                beliefs.counts.count(Counts.Probe.TIMEOUT);
                judgeSelf(probe);
            }
        }
        silent.forEach(target -> beliefs.accuse(now, target.boot()));
        probes.forEach((seq, probe) -> askAgain(now, seq, probe));
        for (Iterator<Relay> it = relays.values().iterator(); it.hasNext(); ) {
            Relay relay = it.next();
            if (Pace.due(relay.nackAt, now)) {
                it.remove();
                outbox.send(relay.origin, new Message.Nack(relay.seq));
            }
        }
        beliefs.suspicions().forEach(entry -> test(now, entry.getKey(), entry.getValue()));
        accuseDue(now);
        askInDoubt(now);
        probe(now);
    }

    /** The ack of one that is told of itself bears its own record. */
    private void askInDoubt(long now) {
        if (beliefs.inDoubt() && Pace.due(doubtAt, now)) {
            doubtAt = now + Pace.DOUBT;
            beliefs.takeDoubts()
                    .forEach(member -> outbox.send(member.contact(), new Message.Ping(++lastSeq, List.of(member))));
        }
    }

    /** If nobody at all was heard since, not even those asked to help, the fault is rather ours. */
    private void judgeSelf(Probe probe) {
        if (heardAt - probe.begunAt < 0) {
            beliefs.health.worse();
        }
    }

    /** Something has come in, from whomever. */
    void heard(long now) {
        heardAt = now;
    }

    private void probe(long now) {
        if (!Pace.due(nextAt, now) || beliefs.alone()) {
            return;
        }
        nextAt = now + beliefs.health.stretched(Pace.PROBE);
        late = false;
        Set<Long> skip = new HashSet<>();
        probes.values().forEach(probe -> skip.add(probe.target.boot()));
        for (int asked = 0; asked < burst; asked++) {
            Member target = beliefs.view.successor(beliefs.self().boot(), skip);
            if (target == null) {
                break;
            }
            skip.add(target.boot());
            probe(now, target);
        }
        // Who is known to nobody else has no predecessor that would look.
        for (long boot : beliefs.unheard.due(now, MAX_BURST)) {
            Member target = beliefs.view.get(boot);
            if (target != null && target.state() == State.ALIVE && skip.add(boot)) {
                probe(now, target);
            }
        }
    }

    private void probe(long now, Member target) {
        probes.put(++lastSeq, new Probe(target, now, beliefs.health));
        trips.sent(now, lastSeq, target.boot());
        outbox.send(target.contact(), new Message.Ping(lastSeq, beliefs.rumours.take()));
    }

    private void askAgain(long now, int seq, Probe probe) {
        if (Pace.due(probe.againAt, now)) {
            probe.againAt = now + beliefs.health.stretched(Pace.AGAIN);
            probe.once = false;
            outbox.send(probe.target.contact(), new Message.Ping(seq, List.of()));
        }
        if (!probe.asked && Pace.due(probe.indirectAt, now)) {
            probe.asked = true;
            askOthers(now, seq, probe);
        }
    }

    private void askOthers(long now, int seq, Probe probe) {
        // And look at those behind it: they may have gone together. Not if this node is late: more work makes it later.
        if (!late) {
            burst = Math.min(MAX_BURST, 2 * burst);
            nextAt = now;
        }
        Contact target = probe.target.contact();
        for (Member helper : beliefs.view.some(INDIRECT, beliefs.self().boot(), target.boot(), random)) {
            probe.helpers.add(helper.boot());
            outbox.send(helper.contact(), new Message.PingRequest(seq, target));
        }
    }

    /** Tells a suspect that it is one, so that it can say that it lives; often until it is accused here, too. */
    private void test(long now, long boot, Suspicion suspicion) {
        Member suspect = beliefs.view.get(boot);
        if (suspect != null && Pace.due(suspicion.pingAt, now)) {
            boolean accused = suspicion.accuseAt == Pace.NEVER;
            suspicion.pingAt = now + beliefs.health.stretched(accused ? Pace.ACCUSED_PING : Pace.CONFIRM_PING);
            trips.sent(now, ++lastSeq, boot);
            outbox.send(suspect.contact(), new Message.Ping(lastSeq, List.of(suspect.rumour())));
        }
    }

    private void accuseDue(long now) {
        List<Long> due = beliefs.suspicions().stream()
                .filter(entry -> Pace.due(entry.getValue().accuseAt, now))
                .map(Map.Entry::getKey)
                .toList();
        due.forEach(boot -> beliefs.accuse(now, boot));
    }

    void ping(Contact from, Message.Ping ping) {
        Member asker = beliefs.view.get(from.boot());
        boolean accused =
                ping.news().stream().anyMatch(m -> m.boot() == beliefs.self().boot());
        // What the asker needs to know most, alone: it has to fit into a datagram.
        List<Member> news = accused
                ? List.of(beliefs.self())
                : asker != null && asker.state() == State.DEAD ? List.of(asker.rumour()) : beliefs.rumours.take();
        outbox.send(from, new Message.Ack(ping.seq(), beliefs.view.hash(), news));
    }

    void ack(long now, Contact from, int seq) {
        trips.back(now, seq, from.boot());
        Probe probe = probes.get(seq);
        if (probe != null && (from.boot() == probe.target.boot() || probe.helpers.contains(from.boot()))) {
            probes.remove(seq);
            count(now, probe, from.boot() == probe.target.boot());
            burst = 1;
            beliefs.health.better();
        }
        Relay relay = relays.get(seq);
        if (relay != null && from.boot() == relay.target) {
            relays.remove(seq);
            outbox.send(relay.origin, new Message.Ack(relay.seq, beliefs.view.hash(), List.of()));
        }
    }

    private void count(long now, Probe probe, boolean direct) {
        beliefs.counts.count(direct ? Counts.Probe.DIRECT : Counts.Probe.INDIRECT);
        if (direct && probe.once) {
            beliefs.counts.roundTrip(now - probe.begunAt);
        }
    }

    void request(long now, Contact from, Message.PingRequest request) {
        Member target = beliefs.view.get(request.target().boot());
        if (target != null && relays.size() < MAX_RELAYS) {
            relays.put(++lastSeq, new Relay(from, request.seq(), target.boot(), now + Pace.NACK));
            outbox.send(target.contact(), new Message.Ping(lastSeq, List.of()));
        }
    }

    /** How long an answer may take, in nanoseconds; 0 before the first. */
    long allowance() {
        return trips.allowance();
    }

    /** When it has something to do. */
    long deadline() {
        long next = beliefs.alone() ? Pace.NEVER : nextAt;
        next = beliefs.inDoubt() ? Pace.earlier(next, doubtAt) : next;
        for (Probe probe : probes.values()) {
            next = Pace.earlier(next, probe.deadline());
        }
        for (Relay relay : relays.values()) {
            next = Pace.earlier(next, relay.nackAt);
        }
        for (Map.Entry<Long, Suspicion> entry : beliefs.suspicions()) {
            Suspicion suspicion = entry.getValue();
            next = Pace.earlier(next, Pace.earlier(suspicion.pingAt, suspicion.accuseAt));
            next = Pace.earlier(next, suspicion.deadline());
        }
        return next;
    }
}
