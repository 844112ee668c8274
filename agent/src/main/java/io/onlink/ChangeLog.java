package io.onlink;

import io.onlink.inet.Ipv4;
import io.onlink.peer.NodeName;
import io.onlink.route.Change;
import io.onlink.route.Failure;
import io.onlink.route.Outcome;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what changed, one line each; a thing that stays wrong is said once, and again when it is over. */
final class ChangeLog {
    /** Changes of one pass that get a line of their own; the rest is a count. */
    private static final int LINES = 50;

    private static final Logger LOG = LoggerFactory.getLogger(ChangeLog.class);

    private final RejectionLog rejections = new RejectionLog();
    private Set<String> standing = new HashSet<>();
    private Set<String> broken = Set.of();

    /** Who has which node IP, by the views of this pass and the one before. */
    private Map<Ipv4, NodeName> names = Map.of();

    void pass(String why, Outcome outcome, long nowNanos) {
        Map<Ipv4, NodeName> now = new HashMap<>();
        outcome.view().peers().forEach(peer -> now.put(peer.nodeIp(), peer.name()));
        List<Change> applied = outcome.applied();
        applied.stream().limit(LINES).forEach(change -> LOG.info("{} ({}{})", change, who(change, now), why));
        if (applied.size() > LINES) {
            LOG.info("and {} more changes ({})", applied.size() - LINES, why);
        }
        names = now;
        Set<String> wrong = new HashSet<>();
        outcome.failures().stream().limit(LINES).map(ChangeLog::words).forEach(wrong::add);
        say(broken, Set.of());
        broken = Set.of();
        say(standing, wrong);
        standing = wrong;
        rejections.pass(outcome.view().rejections(), nowNanos).forEach(LOG::warn);
    }

    /** Whose subnet or tunnel end a change is about: {@code peer b, }; nothing for this host's own links. */
    private String who(Change change, Map<Ipv4, NodeName> now) {
        Ipv4 gateway = change.gateway().orElse(Ipv4.ANY);
        NodeName name = now.getOrDefault(gateway, names.get(gateway));
        return name == null ? "" : "peer " + name + ", ";
    }

    /** The kernel could not be read: of what was wrong before nothing is known, so nothing is over. */
    void broken(String reason) {
        Set<String> wrong = Set.of(reason);
        say(broken, wrong);
        broken = wrong;
    }

    private static void say(Set<String> before, Set<String> now) {
        now.stream().filter(text -> !before.contains(text)).forEach(LOG::warn);
        before.stream().filter(text -> !now.contains(text)).forEach(text -> LOG.info("over: {}", text));
    }

    private static String words(Failure failure) {
        return failure.foreign()
                ? failure.change() + ": a foreign route is in the way and is left alone; remove it or change the subnet"
                : failure.toString();
    }
}
