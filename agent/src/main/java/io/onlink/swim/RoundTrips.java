package io.onlink.swim;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How long answers take, those too late to be of use included: the smoothed round trip of all that is asked and its
 * deviation, by RFC 6298 section 2. It rises with the first late answer, and falls in some tens of prompt ones.
 *
 * <p>A ping is repeated under its number, so an answer counts from the first: rather too long a time than too short.
 */
final class RoundTrips {
    /** Most questions whose answers are waited for; of more, the oldest are not. */
    static final int MAX = 1024;

    private record Sent(long at, long target) {}

    private final Map<Integer, Sent> sent = new LinkedHashMap<>();
    private long smoothed;
    private long deviation;
    private boolean measured;

    /** That member is asked under that number. */
    void sent(long now, int seq, long target) {
        Iterator<Sent> oldest = sent.values().iterator();
        while (oldest.hasNext() && (now - oldest.next().at > Pace.TOO_LATE || sent.size() >= MAX)) {
            oldest.remove();
        }
        sent.put(seq, new Sent(now, target));
    }

    /** An answer has come from that member; another's, in its name, tells of another way. */
    void back(long now, int seq, long from) {
        Sent question = sent.get(seq);
        if (question == null || question.target != from) {
            return;
        }
        sent.remove(seq);
        long took = now - question.at;
        if (took > Pace.TOO_LATE) {
            return;
        }
        deviation = measured ? deviation + (Math.abs(smoothed - took) - deviation) / 4 : took / 2;
        smoothed = measured ? smoothed + (took - smoothed) / 8 : took;
        measured = true;
    }

    /** This node stood still: the answers that it finds now say nothing of the way. */
    void forget() {
        sent.clear();
    }

    /** How long an answer may take, in nanoseconds; 0 before the first. */
    long allowance() {
        return smoothed + 4 * deviation;
    }
}
