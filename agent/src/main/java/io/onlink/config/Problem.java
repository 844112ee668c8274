package io.onlink.config;

/**
 * One thing wrong with a configuration, in one line.
 *
 * @param setting its key, or whatever was given in place of one
 * @param origin where it came from: {@code flag --mtu}, {@code environment ONLINK_MTU}, {@code
 *     /etc/onlink/onlink.yaml line 7} or {@code default}
 * @param text what is wrong and what to do
 */
public record Problem(String setting, String origin, String text) {
    /** Longest part, in characters: what was given may be anything. */
    private static final int MAX_LENGTH = 300;

    public Problem {
        setting = printable(setting);
        origin = printable(origin);
        text = printable(text);
    }

    private static String printable(String text) {
        String start = text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + "..." : text;
        return start.replaceAll("[^\\x20-\\x7e]", "?");
    }

    @Override
    public String toString() {
        return setting + ": " + text + " (" + origin + ")";
    }
}
