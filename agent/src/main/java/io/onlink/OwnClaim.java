package io.onlink;

import io.onlink.peer.Advertisement;
import io.onlink.peer.Rules;
import java.util.Collection;

/** What this node says of itself, kept ahead of its former runs and ranked among the others' claims. */
final class OwnClaim {
    private Advertisement now;

    OwnClaim(Advertisement first) {
        this.now = first;
    }

    Advertisement now() {
        return now;
    }

    /** Whether the member is a former run of ours that gossip still holds: our name at our node IP. */
    boolean former(Advertisement member) {
        return member.name().equals(now.name()) && member.nodeIp().equals(now.nodeIp());
    }

    /**
     * Looks at the members anew: the generation goes past every former run's, and a claim that was never ranked takes a
     * former run's seniority, if that claimed the same, or comes after all others once those are known.
     *
     * <p>Both stop at {@link Rules#MAX_COUNT}, beyond which this node would be refused itself: of a tie in seniority the
     * name decides.
     *
     * @param members those whose claims the rules do not refuse: what others refuse must move nothing here
     * @return whether there is something new to say
     */
    boolean reconsider(Collection<Advertisement> members, boolean complete) {
        long generation = now.generation();
        long seniority = now.seniority();
        for (Advertisement member : members) {
            if (former(member)) {
                generation = member.supersedes(now) ? Math.max(generation, after(member.generation())) : generation;
                seniority = seniority == 0 && member.isRunOf(now) ? member.seniority() : seniority;
            }
        }
        if (seniority == 0 && complete) {
            long last =
                    members.stream().mapToLong(Advertisement::seniority).max().orElse(0);
            seniority = after(last);
        }
        if (generation == now.generation() && seniority == now.seniority()) {
            return false;
        }
        now = now.ranked(generation, seniority);
        return true;
    }

    private static long after(long count) {
        return Math.min(count + 1, Rules.MAX_COUNT);
    }
}
