package io.onlink.swim;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Of whom nothing was heard since this node stood still for long. They may have died or left meanwhile, and whoever has
 * started since would not know: they are asked, and until they are heard or found dead others are not told of them.
 */
final class Unheard {
    private final Set<Long> boots = new LinkedHashSet<>();
    private final Set<Long> asked = new HashSet<>();
    private long since;
    private long until = Pace.NEVER;

    /** This node has stood still: nothing was heard of any of these but itself. */
    void stoodStill(long now, long self, Collection<Member> present) {
        present.forEach(member -> boots.add(member.boot()));
        boots.remove(self);
        asked.clear();
        since = now;
        until = now + Pace.UNHEARD;
    }

    /** Whether what is read now may have waited while this node stood still, and be of old. */
    boolean isLate(long now) {
        return until != Pace.NEVER && now - since < Pace.GRACE;
    }

    /** The member, or another that holds it alive, has been heard; or was, while this node stood still. */
    void heard(long now, long boot) {
        if (isLate(now)) {
            boots.add(boot);
        } else {
            boots.remove(boot);
        }
    }

    /** Another holds the same members; so might one who stood still too, before either has heard of anything. */
    void agreed(long now) {
        if (now - since >= Pace.SETTLING) {
            boots.clear();
        }
    }

    /** Up to so many that are to be asked whether they are there, each once, when all that tell of them had their time. */
    List<Long> due(long now, int most) {
        if (isOver(now) || now - since < Pace.SETTLING) {
            return List.of();
        }
        List<Long> due =
                boots.stream().filter(boot -> !asked.contains(boot)).limit(most).toList();
        asked.addAll(due);
        return due;
    }

    /** Whether others had better be told of that member by somebody else. */
    boolean holds(long now, long boot) {
        return !isOver(now) && boots.contains(boot);
    }

    /** Whether there is anybody at all. */
    boolean any(long now) {
        return !isOver(now) && !boots.isEmpty();
    }

    private boolean isOver(long now) {
        if (Pace.due(until, now)) {
            boots.clear();
            until = Pace.NEVER;
        }
        return until == Pace.NEVER;
    }
}
