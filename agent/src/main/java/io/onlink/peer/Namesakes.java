package io.onlink.peer;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Which of several members under one name counts: the newest, and while that is held one that gossip has lost. An older
 * one at another address would lead back to where the node is no more: gossip may only not have found that run dead yet.
 */
final class Namesakes {
    private final Map<NodeName, Advertisement> outlived = new HashMap<>();

    /** Runs that announced their leave while gossip had not yet found a former one at their address dead. */
    private final Map<NodeName, Advertisement> ended = new HashMap<>();

    /**
     * Those that count, by name.
     *
     * @param left boot ids of members that announced their leave: what they have said counts no more
     * @param held what is held until now, one of a name
     */
    Map<NodeName, Advertisement> counting(
            Collection<Advertisement> alive, Set<Long> left, Collection<Advertisement> held) {
        Map<NodeName, Advertisement> newest = new HashMap<>();
        alive.forEach(member -> newest.merge(member.name(), member, (a, b) -> b.supersedes(a) ? b : a));
        outlived.clear();
        Set<NodeName> names = new HashSet<>();
        for (Advertisement known : held) {
            names.add(known.name());
            Advertisement heard = newest.get(known.name());
            if (heard != null && known.supersedes(heard)) {
                boolean moved = !known.nodeIp().equals(heard.nodeIp());
                boolean gone = left.contains(known.boot());
                if (moved && !gone) {
                    outlived.put(known.name(), heard);
                } else if (!moved && gone) {
                    ended.put(known.name(), known);
                }
            }
        }
        ended.keySet().retainAll(names);
        newest.keySet().removeAll(outlived.keySet());
        return newest;
    }

    /** Whether the node has said since this run, from the same address, that it leaves: if gossip loses it, it is gone. */
    boolean hasLeftSince(Advertisement run) {
        Advertisement last = ended.get(run.name());
        return last != null && last.supersedes(run) && last.nodeIp().equals(run.nodeIp());
    }

    /** Those that are older than what was held take the places of what has gone. */
    <E> void succeed(Map<NodeName, E> places, Function<Advertisement, E> entry) {
        outlived.forEach((name, older) -> places.computeIfAbsent(name, gone -> entry.apply(older)));
    }
}
