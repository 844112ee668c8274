package io.onlink.config;

import java.util.ArrayList;
import java.util.List;

/** The problems found so far. Not for use by several threads. */
final class Problems {
    /** Most problems reported; a file of rubbish would have thousands. */
    static final int MAX = 100;

    private final List<Problem> found = new ArrayList<>();

    void add(String setting, String origin, String text) {
        add(new Problem(setting, origin, text));
    }

    void add(Problem problem) {
        if (found.size() < MAX) {
            found.add(problem);
        }
    }

    List<Problem> list() {
        return List.copyOf(found);
    }

    /** Ends the reading if anything was wrong. */
    void refuse() throws BadConfig {
        if (!found.isEmpty()) {
            throw new BadConfig(found);
        }
    }
}
