package io.onlink.metrics;

import java.util.List;

/**
 * A label of a series.
 *
 * @param name its name
 * @param values all its values, or empty where they are not known beforehand
 */
record Label(String name, List<String> values) {
    /** Stands for every value that is not listed. */
    static final String OTHER = "other";

    static Label of(String name, String... values) {
        return new Label(name, List.of(values));
    }

    static Label open(String name) {
        return new Label(name, List.of());
    }

    /** The name of a peer. */
    static Label peer() {
        return open("peer");
    }

    static Label direction() {
        return of("direction", "receive", "transmit");
    }

    /** The errors worth a series of their own; any other is {@value #OTHER}. */
    static Label errno() {
        return of(
                "errno",
                "EACCES",
                "EBUSY",
                "EEXIST",
                "EINVAL",
                "ENETDOWN",
                "ENETUNREACH",
                "ENOBUFS",
                "ENODEV",
                "ENOENT",
                "ENOSPC",
                "EOPNOTSUPP",
                "EPERM",
                "ESRCH",
                OTHER);
    }
}
