package io.onlink.membership;

import org.jspecify.annotations.Nullable;

/** What a frame is about: the conversations of Atomix's SWIM, and our announced leave. Never renumbered. */
enum Subject {
    SYNC(1, "atomix-membership-sync"),
    GOSSIP(2, "atomix-membership-gossip"),
    PROBE(3, "atomix-membership-probe"),
    PROBE_REQUEST(4, "atomix-membership-probe-request"),
    LEAVE(5, "onlink-leave");

    private static final Subject[] ALL = values();

    final int code;
    final String text;

    Subject(int code, String text) {
        this.code = code;
        this.text = text;
    }

    static @Nullable Subject ofCode(int code) {
        return code >= 1 && code <= ALL.length ? ALL[code - 1] : null;
    }

    static @Nullable Subject ofText(String text) {
        for (Subject subject : ALL) {
            if (subject.text.equals(text)) {
                return subject;
            }
        }
        return null;
    }
}
