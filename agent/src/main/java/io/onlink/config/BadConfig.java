package io.onlink.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used, with everything that is wrong with it. The message has one line a problem. */
public final class BadConfig extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    BadConfig(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** All problems, never none: those of flags, environment and file first, then those of values, then of pairs. */
    public List<Problem> problems() {
        return problems;
    }
}
