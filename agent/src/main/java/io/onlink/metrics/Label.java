package io.onlink.metrics;

import io.onlink.probe.PathVerdict;
import io.onlink.swim.Message;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

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

    /** What is known of a path. */
    static Label verdict() {
        return new Label(
                "verdict",
                Arrays.stream(PathVerdict.values()).map(PathVerdict::label).toList());
    }

    /** The messages of the membership protocol. */
    static Label messageKind() {
        return new Label(
                "type",
                Arrays.stream(Message.Kind.values())
                        .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                        .toList());
    }

    static Label direction() {
        return of("direction", "receive", "transmit");
    }

    /** The errors worth a series of their own; any other is {@value #OTHER}. */
    static Label errno() {
        return of(
                "errno",
                "EEXIST",
                "EINVAL",
                "ENETDOWN",
                "ENETUNREACH",
                "ENOBUFS",
                "ENODEV",
                "EOPNOTSUPP",
                "EPERM",
                "ESRCH",
                OTHER);
    }
}
