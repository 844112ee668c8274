package io.onlink.swim;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The time one suspect has left: the less, the more members found it silent (Lifeguard section IV-B). */
final class Suspicion {
    /** Confirmations beside the first accusation at which the time is least. */
    static final int CONFIRMATIONS = 3;

    private final Set<Long> accusers = new LinkedHashSet<>();
    private final int wanted;
    private final long least;
    private long start;
    private boolean certain;

    /** From its start to its end, as it is now. */
    private long lasts;

    private final Reprieve reprieve = new Reprieve();

    /** When this node asks the suspect again and when it then accuses it too; never if that is for others to do. */
    long pingAt = Pace.NEVER;

    long accuseAt = Pace.NEVER;

    /** A suspicion in a mesh of so many members, this one and the suspect included. */
    Suspicion(long now, int members) {
        this.start = now;
        this.wanted = Math.max(0, Math.min(CONFIRMATIONS, members - 2));
        this.least = (long) (Pace.SUSPICION * Math.max(1, Math.log10(members)));
        this.lasts = lasts();
    }

    /** Takes accusers in; whether one of them is news. */
    boolean accuse(Collection<Long> boots) {
        boolean news = false;
        for (long boot : boots) {
            news |= accusers.size() < Member.MAX_ACCUSERS && accusers.add(boot);
        }
        lasts = news ? lasts() : lasts;
        return news;
    }

    /** Somebody has seen its time out: it has the least time with us, too, but not less. */
    boolean certain() {
        boolean news = !certain;
        certain = true;
        lasts = lasts();
        return news;
    }

    /** This node stood still: what the suspect said meanwhile is yet to be read. */
    void postpone(long nanos) {
        long more = reprieve.give(nanos);
        start += more;
        pingAt = pingAt == Pace.NEVER ? pingAt : pingAt + more;
        accuseAt = accuseAt == Pace.NEVER ? accuseAt : accuseAt + more;
    }

    List<Long> accusers() {
        return new ArrayList<>(accusers);
    }

    /** When it is dead. */
    long deadline() {
        return start + lasts;
    }

    private long lasts() {
        if (wanted == 0) {
            return 2 * least;
        }
        int given = certain ? wanted : Math.min(wanted, Math.max(0, accusers.size() - 1));
        double most = (double) least * Pace.UNCONFIRMED;
        double left = most - (most - least) * Math.log(given + 1) / Math.log(wanted + 1);
        return Math.max(least, (long) left);
    }
}
