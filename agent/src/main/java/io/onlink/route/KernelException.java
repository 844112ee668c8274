package io.onlink.route;

/** The kernel could not be read or written as a whole; one refused change is a {@link Failure} instead. */
public final class KernelException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String text;
    private final String errno;

    /**
     * Names what was tried, the errno, and what to do.
     *
     * @param errno such as EPERM or ENOBUFS; empty where the kernel gave none
     */
    public KernelException(String message, String errno) {
        super(message);
        this.text = message;
        this.errno = errno;
    }

    /** What was tried, what the kernel said and what to do. */
    public String text() {
        return text;
    }

    /** The errno's name, or empty. */
    public String errno() {
        return errno;
    }
}
