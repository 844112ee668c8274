package io.onlink;

import io.onlink.peer.Rejection;
import io.onlink.route.Change;
import io.onlink.route.Failure;
import io.onlink.route.Outcome;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what changed, one line each; a thing that stays wrong is said once, and again when it is over. */
final class ChangeLog {
    /** Changes of one pass that get a line of their own; the rest is a count. */
    private static final int LINES = 50;

    private static final Logger LOG = LoggerFactory.getLogger(ChangeLog.class);

    private Set<String> standing = new HashSet<>();
    private Set<String> broken = Set.of();

    void pass(String trigger, Outcome outcome) {
        List<Change> applied = outcome.applied();
        applied.stream().limit(LINES).forEach(change -> LOG.info("{} ({})", change, trigger));
        if (applied.size() > LINES) {
            LOG.info("and {} more changes ({})", applied.size() - LINES, trigger);
        }
        Set<String> wrong = new HashSet<>();
        outcome.failures().stream().limit(LINES).map(ChangeLog::words).forEach(wrong::add);
        for (Rejection rejection : outcome.view().rejections()) {
            wrong.add("claim of " + rejection.member() + " refused: " + rejection.text());
        }
        say(broken, Set.of());
        broken = Set.of();
        say(standing, wrong);
        standing = wrong;
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
