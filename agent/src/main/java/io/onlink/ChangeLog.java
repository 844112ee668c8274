package io.onlink;

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

    private final RejectionLog rejections = new RejectionLog();
    private Set<String> standing = new HashSet<>();

    void pass(String trigger, Outcome outcome, long nowNanos) {
        List<Change> applied = outcome.applied();
        applied.stream().limit(LINES).forEach(change -> LOG.info("{} ({})", change, trigger));
        if (applied.size() > LINES) {
            LOG.info("and {} more changes ({})", applied.size() - LINES, trigger);
        }
        Set<String> wrong = new HashSet<>();
        outcome.failures().stream().limit(LINES).map(ChangeLog::words).forEach(wrong::add);
        stand(wrong);
        rejections.pass(outcome.view().rejections(), nowNanos).forEach(LOG::warn);
    }

    void broken(String reason) {
        stand(Set.of(reason));
    }

    private void stand(Set<String> wrong) {
        wrong.stream().filter(text -> !standing.contains(text)).forEach(LOG::warn);
        standing.stream().filter(text -> !wrong.contains(text)).forEach(text -> LOG.info("over: {}", text));
        standing = Set.copyOf(wrong);
    }

    private static String words(Failure failure) {
        return failure.foreign()
                ? failure.change() + ": a foreign route is in the way and is left alone; remove it or change the subnet"
                : failure.toString();
    }
}
