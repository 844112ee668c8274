package io.onlink.config;

import java.util.Collection;
import java.util.Comparator;

/** Guesses what a misspelt name was meant to be. */
final class Spelling {
    /** Longest name compared: the distance costs the product of the lengths. */
    private static final int MAX_LENGTH = 40;

    private Spelling() {}

    /** {@code "; did you mean mtu?"}, or nothing if no name is near. */
    static String suggest(String given, Collection<String> names) {
        if (given.length() > MAX_LENGTH) {
            return "";
        }
        return names.stream()
                .filter(name -> distance(given, name) <= tolerance(name))
                .min(Comparator.comparingInt(name -> distance(given, name)))
                .map(name -> "; did you mean " + name + "?")
                .orElse("");
    }

    /** Two letters of a short name wrong leave nothing of it. */
    private static int tolerance(String name) {
        String key = name.replaceFirst("^(--|ONLINK_)", "");
        return key.length() <= 5 ? 2 : 3;
    }

    /** Insertions, deletions, replacements and swaps of neighbours it takes (optimal string alignment). */
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(replaced, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
                boolean pairs = i > 1 && j > 1;
                if (pairs && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
