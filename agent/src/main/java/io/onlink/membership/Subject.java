package io.onlink.membership;

import org.jspecify.annotations.Nullable;

/** What a frame is about. Numbers 1 to 5 are taken by former versions; never renumbered. */
enum Subject {
    MEMBERSHIP(6),
    /** Empty: probes of the receiver arrive here through the tunnel, though it hears none of our answers. */
    HEARD(7);

    private static final Subject[] ALL = values();

    final int code;

    Subject(int code) {
        this.code = code;
    }

    static @Nullable Subject ofCode(int code) {
        for (Subject subject : ALL) {
            if (subject.code == code) {
                return subject;
            }
        }
        return null;
    }
}
