package io.onlink;

import io.onlink.peer.Rejection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is to be said of refused claims: at most one line a minute for each member and reason, so that no member can
 * flood the log, and always how it stands in the end.
 *
 * <p>Time comes as an argument, from a monotonic clock, in nanoseconds. One thread at a time.
 */
final class RejectionLog {
    /** The shortest time between two lines of one member and reason. */
    static final Duration PERIOD = Duration.ofMinutes(1);

    /** Most pairs of member and reason with lines of their own; beyond it they share one line a minute. */
    static final int MAX_TOPICS = 256;

    private static final Topic REST = new Topic("more members", null);

    private final Map<Topic, Said> topics = new LinkedHashMap<>();

    /** Who and why; the reason of what has no room of its own is null. */
    private record Topic(String member, Rejection.@Nullable Reason reason) {}

    private static final class Said {
        /** What was logged last, and what was so at the last pass; empty if nothing was wrong. */
        String logged = "";

        String before = "";
        long at;
        boolean ever;
        int suppressed;
    }

    /** The lines to log now, given all that is refused. */
    List<String> pass(List<Rejection> rejections, long nowNanos) {
        Map<Topic, String> now = states(rejections);
        List<String> lines = new ArrayList<>();
        now.keySet().forEach(topic -> topics.computeIfAbsent(topic, t -> new Said()));
        topics.forEach((topic, said) -> {
            String line = line(topic, said, now.getOrDefault(topic, ""), nowNanos);
            if (!line.isEmpty()) {
                lines.add(line);
            }
        });
        topics.entrySet().removeIf(entry -> isForgotten(entry.getValue(), nowNanos));
        return lines;
    }

    private static boolean isForgotten(Said said, long nowNanos) {
        return said.before.isEmpty() && said.logged.isEmpty() && isDue(said, nowNanos);
    }

    private static boolean isDue(Said said, long nowNanos) {
        return !said.ever || nowNanos - said.at >= PERIOD.toNanos();
    }

    /** What is wrong with each topic: the first text, and how many more. */
    private Map<Topic, String> states(List<Rejection> rejections) {
        Map<Topic, List<String>> texts = new LinkedHashMap<>();
        int free = MAX_TOPICS - topics.size();
        for (Rejection rejection : rejections) {
            Topic topic = new Topic(rejection.member(), rejection.reason());
            if (!topics.containsKey(topic) && !texts.containsKey(topic) && free-- <= 0) {
                topic = REST;
            }
            texts.computeIfAbsent(topic, t -> new ArrayList<>()).add(rejection.text());
        }
        Map<Topic, String> states = new LinkedHashMap<>();
        texts.forEach((topic, all) -> states.put(topic, topic.equals(REST) ? all.size() + " claims" : state(all)));
        return states;
    }

    private static String state(List<String> texts) {
        return texts.get(0) + (texts.size() == 1 ? "" : ", and " + (texts.size() - 1) + " more");
    }

    private static String line(Topic topic, Said said, String now, long nowNanos) {
        boolean changed = !Objects.equals(said.before, now);
        said.before = now;
        if (said.logged.equals(now) && said.suppressed == 0) {
            return "";
        }
        if (!isDue(said, nowNanos)) {
            said.suppressed += changed ? 1 : 0;
            return "";
        }
        String over = said.logged.isEmpty() ? "refused for a while" : said.logged;
        String text = now.isEmpty()
                ? "claim of " + topic.member + " is no longer refused: " + over
                : "claim of " + topic.member + " refused: " + now;
        String label = topic.reason == null ? "" : " (" + topic.reason.label() + ")";
        // The last change is the one that this line tells.
        int unsaid = said.suppressed - (changed ? 0 : 1);
        String more = unsaid > 0 ? "; changes not logged: " + unsaid : "";
        said.logged = now;
        said.at = nowNanos;
        said.ever = true;
        said.suppressed = 0;
        return text + label + more;
    }
}
