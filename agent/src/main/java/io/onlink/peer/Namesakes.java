package io.onlink.peer;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Which of several members under one name counts: the newest, and while that is held one that gossip has lost. An older
 * one at another address would lead back to where the node is no more: gossip may only not have found that run dead yet.
 */
final class Namesakes {
    private final Map<NodeName, Advertisement> outlived = new HashMap<>();

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
        for (Advertisement known : held) {
            Advertisement heard = newest.get(known.name());
            if (heard != null && !left.contains(known.boot()) && outlives(known, heard)) {
                outlived.put(known.name(), heard);
            }
        }
        newest.keySet().removeAll(outlived.keySet());
        return newest;
    }

    /** At the same address there is nobody any more but the one that is heard now. */
    private static boolean outlives(Advertisement known, Advertisement heard) {
        return known.supersedes(heard) && !known.nodeIp().equals(heard.nodeIp());
    }

    /** Those that are older than what was held take the places of what has gone. */
    <E> void succeed(Map<NodeName, E> places, Function<Advertisement, E> entry) {
        outlived.forEach((name, older) -> places.computeIfAbsent(name, gone -> entry.apply(older)));
    }
}
