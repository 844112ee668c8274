package io.onlink.membership;

/** Boot ids as text: {@code 00c0ffee00c0ffee}. */
final class Boots {
    private Boots() {}

    static String text(long boot) {
        return String.format("%016x", boot);
    }
}
