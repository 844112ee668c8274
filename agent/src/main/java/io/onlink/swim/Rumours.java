package io.onlink.swim;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Whom there is something to tell of, those first that were told of least. A rumour is but the name of a member: what
 * is told is what is held of it then.
 */
final class Rumours {
    /** Bytes of rumours in one datagram: 1400 less the header, the seal and the message's own fields. */
    static final int BUDGET = 1200;

    /** Times a rumour is told in haste: two rounds. */
    private static final int FRESH = 2 * Rounds.FANOUT;

    /** Times a rumour may be told at most, at ten thousand members. */
    private static final int MOST = 20;

    private final View view;
    private final List<Set<Long>> told = new ArrayList<>();
    private int size;

    Rumours(View view) {
        this.view = view;
        for (int times = 0; times < MOST; times++) {
            told.add(new LinkedHashSet<>());
        }
    }

    /** There is news of the member. */
    void add(long boot) {
        for (Set<Long> boots : told) {
            size -= boots.remove(boot) ? 1 : 0;
        }
        told.get(0).add(boot);
        size++;
    }

    /** There is nothing to tell of those any more. */
    void forget(Predicate<Long> which) {
        for (Set<Long> boots : told) {
            size -= boots.size();
            boots.removeIf(which);
            size += boots.size();
        }
    }

    /** Members there is something to tell of. */
    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Whether there is any that few have been told: it is told at once, to those that are then left it has time. */
    boolean fresh() {
        for (int times = 0; times < FRESH; times++) {
            if (!told.get(times).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** How often a rumour is told by each: 4 log N, at which nearly all have heard it. */
    private int limit() {
        return Math.min(MOST, 4 * (int) Math.ceil(Math.log10(view.size() + 1)));
    }

    /** What fits into one datagram; counted as told once more. */
    List<Member> take() {
        if (isEmpty()) {
            return List.of();
        }
        List<Member> taken = new ArrayList<>();
        List<List<Long>> again = new ArrayList<>();
        int limit = limit();
        int left = BUDGET;
        for (int times = 0; times < MOST; times++) {
            again.add(told.get(times).isEmpty() ? List.of() : new ArrayList<>());
            Iterator<Long> boots = told.get(times).iterator();
            while (left > 0 && boots.hasNext()) {
                long boot = boots.next();
                Member member = view.get(boot);
                if (member == null || times >= limit) {
                    boots.remove();
                    size--;
                    continue;
                }
                Member rumour = member.rumour();
                left -= rumour.size();
                if (left >= 0) {
                    boots.remove();
                    taken.add(rumour);
                    again.get(times).add(boot);
                }
            }
        }
        for (int times = 0; times + 1 < limit; times++) {
            told.get(times + 1).addAll(again.get(times));
        }
        size -= again.get(limit - 1).size(); // they have been told often enough
        return taken;
    }
}
