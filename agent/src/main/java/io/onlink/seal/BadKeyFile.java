package io.onlink.seal;

/** A key file that cannot be used; the message names the file, what is wrong and what to do, and no key. */
public final class BadKeyFile extends Exception {
    private static final long serialVersionUID = 1L;

    BadKeyFile(String message) {
        super(message);
    }
}
