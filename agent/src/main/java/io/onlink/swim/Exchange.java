package io.onlink.swim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Anti-entropy: members whose views differ when the rumours have died down compare them by parts and give each other
 * what the other lacks. A joiner begins so. What is lost on the way is found lost at the next ack.
 */
final class Exchange {
    /** Most bytes of members in one message; a larger answer is several. */
    static final int MAX_BYTES = 256 * 1024;

    /** Most members answered in one {@link Pace#SYNC}, each once: an answer may be the whole view. */
    static final int MAX_ANSWERED = 1024;

    /** Most parts of the view sent back to those who were asked for theirs, if none was for long. */
    private static final int MAX_OWED = 8 * View.BUCKETS;

    private final Beliefs beliefs;
    private final Outbox outbox;
    private final Map<Long, Long> answeredAt = new LinkedHashMap<>();

    /** Parts of the view that may be sent back because others were asked for theirs. */
    private int owed;

    private boolean complete;

    /** When another first gave all it holds, or last gave more. */
    private long givenAt = Pace.NEVER;

    private long begunAt;
    private long differentSince = Pace.NEVER;

    Exchange(long now, Beliefs beliefs, Outbox outbox) {
        this.beliefs = beliefs;
        this.outbox = outbox;
        this.begunAt = now - Pace.SYNC;
    }

    /** Whether another whose own view is whole has given all it holds, or nobody else is known who could. */
    boolean complete() {
        return complete;
    }

    /** There is nobody to ask: what is held is all there is. */
    void alone() {
        complete = true;
    }

    /**
     * Another has given all it holds. One that has just started itself, a seed for instance, may know less than there is:
     * then somebody else is waited for, but not for ever, for in a mesh that is started all at once there is nobody else.
     */
    private void given(long now, boolean partial, boolean grown) {
        complete |= !partial;
        givenAt = givenAt == Pace.NEVER || grown ? now : givenAt;
    }

    private boolean patient(long now) {
        return givenAt == Pace.NEVER || now - givenAt < Pace.WHOLE;
    }

    /** Another's view has this hash: begins an exchange if it is not ours and rumours had their time. */
    void compare(long now, Contact other, long hash) {
        complete |= !patient(now);
        if (!complete) {
            meet(now, other);
            return;
        }
        if (hash == beliefs.view.hash()) {
            beliefs.unheard.agreed(now);
            differentSince = Pace.NEVER;
            return;
        }
        differentSince = differentSince == Pace.NEVER ? now : differentSince;
        boolean settled = now - beliefs.changedAt() >= Pace.QUIET || now - differentSince >= Pace.DIFFERENT;
        if (settled) {
            differentSince = Pace.NEVER;
            meet(now, other);
        }
    }

    /** Somebody knows us whom we do not know. */
    void meet(long now, Contact other) {
        if (now - begunAt >= Pace.SYNC) {
            begunAt = now;
            open(other);
        }
    }

    /** Says to whoever is there what this node is and holds. */
    void open(Contact to) {
        long buckets = 0;
        List<Long> hashes = new ArrayList<>();
        for (int bucket = 0; bucket < View.BUCKETS; bucket++) {
            if (beliefs.view.hash(bucket) != 0) {
                buckets |= 1L << bucket;
                hashes.add(beliefs.view.hash(bucket));
            }
        }
        owed = Math.min(MAX_OWED, owed + View.BUCKETS);
        outbox.send(to, new Message.Digest(beliefs.self(), buckets, hashes));
    }

    /** Answers with all that is held here where the views differ; the sender's own record is taken in first. */
    void digest(long now, Contact from, Message.Digest digest) {
        if (digest.self().boot() != from.boot()) {
            return;
        }
        beliefs.hear(now, List.of(digest.self()), from, true);
        long differing = 0;
        int next = 0;
        for (int bucket = 0; bucket < View.BUCKETS; bucket++) {
            boolean held = (digest.buckets() >>> bucket & 1) != 0;
            long theirs = held ? digest.hashes().get(next++) : 0;
            differing |= theirs != beliefs.view.hash(bucket) ? 1L << bucket : 0;
        }
        // Else one whom we hold dead would not learn of it: tombstones are in no hash.
        differing |= 1L << View.bucket(from.boot());
        Member asker = beliefs.view.get(from.boot());
        Contact back = asker == null ? digest.self().contact() : asker.contact();
        if (mayAnswer(now, from.boot())) {
            give(now, back, differing);
        }
        if (!complete) {
            // One that was found before it found anybody has to ask, too.
            meet(now, back);
        }
    }

    private boolean mayAnswer(long now, long boot) {
        answeredAt.values().removeIf(at -> now - at >= Pace.SYNC);
        return answeredAt.size() < MAX_ANSWERED && answeredAt.putIfAbsent(boot, now) == null;
    }

    /** Sends these parts, whole ones in each message so that each can be answered by itself. */
    private void give(long now, Contact to, long differing) {
        long mask = 0;
        int bytes = 0;
        List<Member> members = new ArrayList<>();
        Map<Integer, List<Member>> parts = beliefs.view.in(differing);
        for (int bucket = 0; bucket < View.BUCKETS; bucket++) {
            long bit = 1L << bucket;
            if ((differing & bit) == 0) {
                continue;
            }
            List<Member> held = parts.getOrDefault(bucket, List.of()).stream()
                    .filter(member -> isVouchedFor(now, member))
                    .map(Member::whole)
                    .toList();
            int size = held.stream().mapToInt(Member::size).sum();
            boolean crowded = bytes + size > MAX_BYTES || members.size() + held.size() > Message.MAX_MEMBERS;
            if (mask != 0 && crowded) {
                outbox.send(to, new Message.Records(mask, true, true, members));
                mask = 0;
                bytes = 0;
                members.clear();
            }
            mask |= bit;
            bytes += size;
            members.addAll(held.subList(0, Math.min(held.size(), Message.MAX_MEMBERS)));
        }
        outbox.send(to, new Message.Records(mask, false, true, members, !complete || beliefs.unheard.any(now)));
    }

    /** Takes in what another holds, and sends back what it does not. */
    void records(long now, Contact from, Message.Records records) {
        int before = beliefs.view.size();
        // A joiner learns what all the others know: nothing to pass on.
        beliefs.hear(now, records.members(), from, givenAt != Pace.NEVER);
        if (records.ask()) {
            int parts = Long.bitCount(records.buckets());
            List<Member> missing = parts > owed ? List.of() : missing(now, records);
            owed -= Math.min(parts, owed);
            if (!missing.isEmpty()) {
                outbox.send(from, new Message.Records(records.buckets(), false, false, missing));
            }
            if (!records.more()) {
                given(now, records.partial(), beliefs.view.size() > before);
            }
        }
    }

    private List<Member> missing(long now, Message.Records records) {
        Map<Long, Member> theirs = new HashMap<>();
        records.members().forEach(member -> theirs.put(member.boot(), member));
        List<Member> missing = new ArrayList<>();
        beliefs.view.in(records.buckets()).values().stream()
                .flatMap(List::stream)
                .filter(member -> isVouchedFor(now, member))
                .filter(member -> isNews(member, theirs.get(member.boot())))
                .limit(Message.MAX_MEMBERS)
                .forEach(member -> missing.add(member.whole()));
        return missing;
    }

    private boolean isVouchedFor(long now, Member member) {
        return !member.state().present() || !beliefs.unheard.holds(now, member.boot());
    }

    private static boolean isNews(Member ours, @Nullable Member theirs) {
        return theirs == null ? ours.state().present() : theirs.state() != State.LEFT && newer(ours, theirs);
    }

    private static boolean newer(Member ours, Member theirs) {
        boolean buried = !ours.state().present() && theirs.state().present();
        boolean raised = ours.incarnation() > theirs.incarnation();
        boolean equal = ours.incarnation() == theirs.incarnation();
        return raised || ours.state() == State.LEFT || (buried && equal);
    }
}
