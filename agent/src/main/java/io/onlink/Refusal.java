package io.onlink;

/** The agent cannot start, or cannot do what was asked: one line that says what to do, and the exit status. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    /** {@code EX_UNAVAILABLE} of {@code sysexits.h}: something it needs is not there. */
    static final int UNAVAILABLE = 69;

    /** {@code EX_NOPERM}: no root, no CAP_NET_ADMIN. */
    static final int NO_PERMISSION = 77;

    /** {@code EX_CONFIG}: a setting cannot be as it is. */
    static final int CONFIG = 78;

    private final String text;
    private final int status;

    Refusal(int status, String text) {
        super(text);
        this.text = text;
        this.status = status;
    }

    /** The exit status for an error of the kernel's. */
    static int statusOf(String errno) {
        return errno.equals("EPERM") || errno.equals("EACCES") ? NO_PERMISSION : UNAVAILABLE;
    }

    String text() {
        return text;
    }

    int status() {
        return status;
    }
}
