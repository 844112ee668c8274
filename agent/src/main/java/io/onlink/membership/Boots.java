package io.onlink.membership;

import io.onlink.peer.NodeName;

/** Boot ids as text, and the member ids made of them: {@code name~00c0ffee00c0ffee}. */
final class Boots {
    private Boots() {}

    static String text(long boot) {
        return String.format("%016x", boot);
    }

    static long parse(String text) {
        if (!text.matches("[0-9a-f]{16}")) {
            throw new IllegalArgumentException("a boot id has 16 hexadecimal digits");
        }
        return Long.parseUnsignedLong(text, 16);
    }

    static String memberId(NodeName name, long boot) {
        return name + "~" + text(boot);
    }
}
