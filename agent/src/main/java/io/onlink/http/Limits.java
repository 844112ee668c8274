package io.onlink.http;

import java.time.Duration;

/** What a client may send and hold. */
final class Limits {
    /** Longest request line, in bytes; with {@link #HEADERS} 8 KiB. Longer: 414. */
    static final int REQUEST_LINE = 2 * 1024;

    /** Most header bytes. More: 431. */
    static final int HEADERS = 6 * 1024;

    /** Most body bytes; no page reads a body. More: 413. */
    static final int BODY = 1024;

    /** Bytes read from a socket at once, which also bounds what is kept of pipelined requests. */
    static final int READ = 4 * 1024;

    /** Open connections of one listener: a crowd at the TCP port cannot keep an operator off the unix socket. */
    static final int CONNECTIONS = 64;

    /** From the first byte of a request to its last; then 408. Also how long an answer may take to be taken. */
    static final Duration REQUEST = Duration.ofSeconds(5);

    /** How long a kept connection may stay idle between requests; longer than the usual scrape intervals. */
    static final Duration IDLE = Duration.ofSeconds(75);

    /** How long a page may take to complete; then 503. */
    static final Duration ANSWER = Duration.ofSeconds(30);

    /** How long to read on and throw away after the last answer, so that a reset does not destroy it on its way. */
    static final Duration LINGER = Duration.ofSeconds(1);

    /** Longest path of a unix socket: {@code sun_path} is 108 bytes with its end (include/uapi/linux/un.h). */
    static final int SOCKET_PATH = 107;

    private Limits() {}
}
