package io.onlink.history;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One thing that happened.
 *
 * @param number counts entries since the start, from 1
 * @param at by the host's clock, for display
 * @param what the kind of thing
 * @param peer whom it is about; empty if nobody
 * @param text what and why, for a person; at most {@value #MAX_TEXT} characters
 * @param details the same by key, in order
 */
public record Entry(long number, Instant at, What what, String peer, String text, Map<String, String> details) {
    /** Longest text and detail, in characters; what is longer is cut. */
    public static final int MAX_TEXT = 512;

    /** The kinds of things. */
    public enum What {
        /** A peer has routes from now on. */
        JOINED,
        /** A peer announced its leave. */
        LEFT,
        /** Gossip lost a peer, and its host is silent. */
        DIED,
        /** Gossip lost a peer whose host answers, and it did not come back in time. */
        EXPIRED,
        /** A peer has no routes any more, for another reason. */
        WITHDRAWN,
        /** A peer has another node IP. */
        READDRESSED,
        /** A peer has other subnets. */
        RESIZED,
        /** A claim gets no route. */
        REFUSED,
        /** The kernel was not as it had been left, and was put right. */
        REPAIRED,
        /** The mass-departure guard keeps routes. */
        GUARDED,
        /** It does not any more. */
        RELEASED;

        /** The word for it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Entry {
        text = cut(text);
        Map<String, String> copy = new LinkedHashMap<>();
        details.forEach((key, value) -> copy.put(key, cut(value)));
        details = Collections.unmodifiableMap(copy);
    }

    private static String cut(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT - 3) + "...";
    }
}
