package io.onlink.swim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What this node holds to be true, and the rules by which what it hears changes that.
 *
 * <p>Of one boot the higher incarnation counts. Nothing that is heard removes a member at once: an accusation, a
 * burial too, begins a suspicion here, whose time the accused may use. Only a leave with its token acts at once.
 */
final class Beliefs {
    /**
     * How far above what a member itself has said its incarnation is believed of others' word. It refutes all that can
     * be believed so, and need not use up its numbers for what cannot.
     */
    static final long MAX_STEP = 1L << 10;

    /** Most members that wait to be asked what others say of them; of more it is heard again. */
    private static final int MAX_DOUBTS = 16;

    /** Most members that are back and have not been heard since; of more, the oldest are not told who left. */
    private static final int MAX_RETURNED = 1024;

    final View view = new View();
    final Rumours rumours = new Rumours(view);
    final Unheard unheard = new Unheard();
    final Health health;
    final Counts counts = new Counts();
    private final Map<Long, Suspicion> suspicions = new LinkedHashMap<>();
    private final Map<Long, Member> doubts = new LinkedHashMap<>();
    private final Bytes token;
    private final Map<Long, View.Tombstone> returned = new LinkedHashMap<>();
    private final List<Member> missed = new ArrayList<>();
    private Member self;
    private long version;
    private Tally tally = Tally.NONE;
    private long changedAt;

    Beliefs(long now, Member self, Bytes token, Health health) {
        this.self = self;
        this.token = token;
        this.health = health;
        this.changedAt = now;
        view.put(self, now);
    }

    Member self() {
        return self;
    }

    /** Grows with every change of what is held. */
    long version() {
        return version;
    }

    /** When something was last changed. */
    long changedAt() {
        return changedAt;
    }

    /** Whether nobody else is present. */
    boolean alone() {
        return view.size() <= 1;
    }

    /** Takes news in; what is news to us is passed on if {@code spread}. */
    void hear(long now, List<Member> news, Contact from, boolean spread) {
        for (Member member : news) {
            boolean itself = from.boot() == member.boot();
            boolean told = spread && !(unheard.isLate(now) && member.state().present());
            if (member.state() == State.ALIVE && member.boot() != self.boot()) {
                unheard.heard(now, member.boot());
            }
            boolean changed = member.boot() == self.boot() ? ofSelf(now, member) : ofOther(now, member, itself);
            if (itself) {
                view.confirm(member.boot(), member.incarnation());
            }
            if (changed && told) {
                rumours.add(member.boot());
            }
        }
    }

    /** This node did nothing for long: what was still to be told of others is of old. */
    void stoodStill(long now) {
        unheard.stoodStill(now, self.boot(), view.members());
        rumours.forget(boot -> unheard.holds(now, boot));
    }

    /** Says something new of this node: its payload, or that it is alive after all. */
    void renew(long now, Bytes payload, long above) {
        self = new Member(self.contact(), above + 1, State.ALIVE, payload, self.proof(), List.of());
        put(self, now);
        rumours.add(self.boot());
    }

    /** This node's leave, which it alone can prove. */
    Member leave(long now) {
        self = departed(self, token);
        put(self, now);
        return self;
    }

    private boolean ofSelf(long now, Member heard) {
        boolean left = self.state() == State.LEFT || heard.state() == State.LEFT;
        long step = heard.incarnation() - self.incarnation();
        boolean same = heard.state() == State.ALIVE && step == 0 && heard.fingerprint() == self.fingerprint();
        if (left || step < 0 || step > MAX_STEP || same || heard.incarnation() >= Member.MAX_INCARNATION) {
            return false;
        }
        if (heard.state() == State.SUSPECT) {
            health.worse();
        }
        renew(now, self.payload(), heard.incarnation());
        return true;
    }

    private boolean ofOther(long now, Member heard, boolean itself) {
        Member held = view.get(heard.boot());
        if (held != null && (held.state() == State.LEFT || heard.state() == State.LEFT)) {
            boolean accused = heard.state() == State.SUSPECT || heard.state() == State.DEAD;
            if (held.state() == State.LEFT && accused && missed.size() < View.MAX_LEFT) {
                missed.add(held);
            }
            return held.state() != State.LEFT && departure(now, held, heard.proof());
        }
        boolean unknown = heard.state().present() && !heard.brief() && view.hasRoomFor(heard);
        if (held == null && !unknown) {
            return false;
        }
        if (!itself && heard.incarnation() > view.confirmed(heard.boot()) + MAX_STEP) {
            doubt(held == null ? heard : held);
            return false;
        }
        if (held == null) {
            return arrival(now, heard);
        }
        boolean news = !heard.brief() && heard.incarnation() > held.incarnation() && renewal(now, held, heard);
        return accusation(now, heard) || news;
    }

    private boolean departure(long now, Member held, Bytes proof) {
        if (!proof.pledge().equals(held.proof())) {
            return false;
        }
        counts.count(Counts.Event.LEAVE);
        return put(departed(held, proof), now);
    }

    /** Others say what only the member itself is believed: it is to be asked. */
    private void doubt(Member member) {
        if (doubts.size() < MAX_DOUBTS) {
            doubts.putIfAbsent(member.boot(), member.rumour());
        }
    }

    /** Whom to ask what it says of itself, each once, in the form in which it may be told what is held of it. */
    List<Member> takeDoubts() {
        List<Member> taken = List.copyOf(doubts.values());
        doubts.clear();
        return taken;
    }

    /** Whether there is somebody to ask. */
    boolean inDoubt() {
        return !doubts.isEmpty();
    }

    /** Who has left, and is still told to be silent or dead by whom was heard since the last call. */
    List<Member> takeMissed() {
        List<Member> taken = List.copyOf(missed);
        missed.clear();
        return taken;
    }

    /** The tombstone of one that is back from the dead and was not heard itself since; given once. */
    View.@Nullable Tombstone takeReturned(long boot) {
        return returned.remove(boot);
    }

    private static Member departed(Member held, Bytes token) {
        return new Member(held.contact(), held.incarnation(), State.LEFT, Bytes.EMPTY, token, List.of());
    }

    /** Its payload is not kept: should it live, it says it again. */
    private static Member buried(Member held) {
        return new Member(held.contact(), held.incarnation(), State.DEAD, Bytes.EMPTY, held.proof(), held.accusers());
    }

    private boolean arrival(long now, Member heard) {
        counts.count(Counts.Event.JOIN);
        put(heard.as(State.ALIVE, List.of()), now);
        accusation(now, heard);
        return true;
    }

    private boolean renewal(long now, Member held, Member heard) {
        if (!heard.proof().equals(held.proof()) || !view.hasRoomFor(heard)) {
            return false;
        }
        if (!held.state().present()) {
            counts.count(Counts.Event.FLAP);
            View.Tombstone grave = view.grave(held.boot());
            if (grave != null) {
                if (returned.size() >= MAX_RETURNED) {
                    returned.remove(returned.keySet().iterator().next());
                }
                returned.put(held.boot(), grave);
            }
        } else if (held.state() == State.SUSPECT) {
            counts.count(Counts.Event.REFUTE);
        }
        if (held.state().present() && !heard.payload().equals(held.payload())) {
            counts.count(Counts.Event.UPDATE);
        }
        return put(heard.as(State.ALIVE, List.of()), now);
    }

    private boolean accusation(long now, Member heard) {
        Member held = view.get(heard.boot());
        boolean accused = heard.state() == State.SUSPECT || heard.state() == State.DEAD;
        if (!accused || held == null || !held.state().present() || heard.incarnation() < held.incarnation()) {
            return false;
        }
        boolean news = suspect(now, held, heard.accusers());
        Suspicion suspicion = suspicions.get(held.boot());
        boolean buried = heard.state() == State.DEAD && suspicion != null && suspicion.certain();
        return buried || news;
    }

    /** Somebody, perhaps this node, has found a member silent; whether that is news. */
    boolean suspect(long now, Member held, List<Long> accusers) {
        Suspicion suspicion = suspicions.get(held.boot());
        boolean begun = suspicion == null;
        if (suspicion == null) {
            suspicion = new Suspicion(now, view.size());
            suspicions.put(held.boot(), suspicion);
            tally = tally.withSuspicion(accusers.equals(List.of(self.boot())));
        }
        boolean news = suspicion.accuse(accusers) || begun;
        if (news) {
            record(held.as(State.SUSPECT, suspicion.accusers()), now);
        }
        if (begun && view.precedes(self.boot(), held.boot(), Suspicion.CONFIRMATIONS + 1)) {
            suspicion.pingAt = now;
            suspicion.accuseAt = now + health.stretched(Pace.CONFIRM);
        }
        return news;
    }

    /** The suspect that this node itself found silent has to be told, which is for this node to do. */
    void accuse(long now, long boot) {
        Member held = view.get(boot);
        if (held == null || !held.state().present()) {
            return;
        }
        if (suspect(now, held, List.of(self.boot()))) {
            rumours.add(boot);
        }
        Suspicion suspicion = suspicions.get(boot);
        if (suspicion != null) {
            suspicion.accuseAt = Pace.NEVER;
            suspicion.pingAt = suspicion.pingAt == Pace.NEVER ? now : suspicion.pingAt;
        }
    }

    /** Buries whose time is up. */
    void expire(long now) {
        List<Long> due = new ArrayList<>();
        suspicions.forEach((boot, suspicion) -> {
            if (Pace.due(suspicion.deadline(), now)) {
                due.add(boot);
            }
        });
        for (long boot : due) {
            Member held = view.get(boot);
            if (held != null && held.state() == State.SUSPECT) {
                put(buried(held), now);
                rumours.add(boot);
                tally = tally.withBurial();
                counts.count(Counts.Event.FAIL);
            }
        }
    }

    /** What was held against others so far. */
    Tally tally() {
        return tally;
    }

    /** Suspects and what time they have. */
    Set<Map.Entry<Long, Suspicion>> suspicions() {
        return suspicions.entrySet();
    }

    private boolean put(Member member, long now) {
        suspicions.remove(member.boot());
        record(member, now);
        return true;
    }

    private void record(Member member, long now) {
        view.put(member, now);
        version++;
        changedAt = now;
    }
}
