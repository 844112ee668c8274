package io.onlink.netlink;

import io.onlink.route.Change;
import io.onlink.route.Failure;
import io.onlink.route.KernelException;

/**
 * The kernel's no to one request.
 *
 * @param errno positive
 * @param text its own words (extended ack, Linux 4.12), or empty
 */
record Refusal(int errno, String text) {
    /** The longest extended ack we take, in octets; the kernel's own are below 80. */
    static final int TEXT = 1024;

    /** The change it refuses. */
    Failure of(Change change) {
        return new Failure(change, Errno.name(errno), reason());
    }

    /** The exception for something that nothing can go on without. */
    KernelException of(String what) {
        return new KernelException("cannot " + what + ": " + Errno.name(errno) + ", " + reason(), Errno.name(errno));
    }

    private String reason() {
        String meaning = Errno.meaning(errno);
        int remedy = meaning.indexOf(';');
        if (text.isEmpty()) {
            return meaning;
        }
        return remedy < 0 ? text : text + meaning.substring(remedy);
    }
}
