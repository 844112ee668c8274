package io.onlink.peer;

/**
 * A node's name, unique in the mesh.
 *
 * @param text 1 to 63 characters of {@code A-Z a-z 0-9 . _ -}, so that it can stand in logs and metric labels as it is
 */
public record NodeName(String text) implements Comparable<NodeName> {
    /** Longest name, in characters: a DNS label (RFC 1035 section 2.3.4). */
    public static final int MAX_LENGTH = 63;

    public NodeName {
        if (text.isEmpty() || text.length() > MAX_LENGTH || !text.chars().allMatch(NodeName::allowed)) {
            throw new IllegalArgumentException("a node name has 1 to " + MAX_LENGTH
                    + " characters of A-Z a-z 0-9 . _ - , not '" + printable(text) + "'");
        }
    }

    private static boolean allowed(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '_'
                || c == '-';
    }

    private static String printable(String text) {
        String start = text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + "..." : text;
        return start.replaceAll("[^\\x20-\\x7e]", "?");
    }

    @Override
    public int compareTo(NodeName other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
