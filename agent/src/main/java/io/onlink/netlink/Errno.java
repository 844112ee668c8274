package io.onlink.netlink;

import java.util.Map;

/** Names and meanings of the errors that rtnetlink gives ({@code errno-base.h} and {@code asm-generic/errno.h}). */
final class Errno {
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int ESRCH = 3;
    static final int EINTR = 4;
    static final int EIO = 5;
    static final int EBADF = 9;
    static final int EAGAIN = 11;
    static final int EACCES = 13;
    static final int EBUSY = 16;
    static final int EEXIST = 17;
    static final int ENODEV = 19;
    static final int EINVAL = 22;
    static final int EROFS = 30;
    static final int EMSGSIZE = 90;
    static final int EOPNOTSUPP = 95;
    static final int EADDRINUSE = 98;
    static final int EADDRNOTAVAIL = 99;
    static final int ENETUNREACH = 101;
    static final int ENOBUFS = 105;
    static final int ECONNREFUSED = 111;
    static final int EHOSTUNREACH = 113;

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(EPERM, "EPERM the agent lacks CAP_NET_ADMIN; run it as root or grant that capability"),
            Map.entry(ENOENT, "ENOENT no such object"),
            Map.entry(ESRCH, "ESRCH no such route"),
            Map.entry(EINTR, "EINTR interrupted by a signal"),
            Map.entry(EIO, "EIO input or output error"),
            Map.entry(EAGAIN, "EAGAIN the kernel did not answer in time"),
            Map.entry(12, "ENOMEM the kernel is out of memory"),
            Map.entry(EACCES, "EACCES permission denied; run the agent as root or grant CAP_NET_ADMIN"),
            Map.entry(EBUSY, "EBUSY the kernel is busy with another request for the same object"),
            Map.entry(
                    EEXIST,
                    "EEXIST something else already has this key; remove it, or keep the prefix out of the mesh"),
            Map.entry(ENODEV, "ENODEV no such link"),
            Map.entry(EINVAL, "EINVAL the kernel does not take this request; see dmesg"),
            Map.entry(23, "ENFILE the system has too many open files"),
            Map.entry(24, "EMFILE the agent has too many open files; raise its LimitNOFILE"),
            Map.entry(28, "ENOSPC no room is left"),
            Map.entry(EROFS, "EROFS the file system is read-only; set it from outside the container"),
            Map.entry(34, "ERANGE a value is out of range"),
            Map.entry(EMSGSIZE, "EMSGSIZE the message is too long"),
            Map.entry(93, "EPROTONOSUPPORT the kernel has no rtnetlink; it needs CONFIG_NET"),
            Map.entry(EOPNOTSUPP, "EOPNOTSUPP this kernel cannot do that"),
            Map.entry(97, "EAFNOSUPPORT this address family is not allowed; allow AF_NETLINK in the service's sandbox"),
            Map.entry(EADDRINUSE, "EADDRINUSE the address is taken"),
            Map.entry(EADDRNOTAVAIL, "EADDRNOTAVAIL no such address on the link"),
            Map.entry(100, "ENETDOWN the link is down; set it up"),
            Map.entry(ENETUNREACH, "ENETUNREACH no route to the gateway"),
            Map.entry(ENOBUFS, "ENOBUFS the socket's receive buffer overflowed"),
            Map.entry(110, "ETIMEDOUT timed out"),
            Map.entry(ECONNREFUSED, "ECONNREFUSED connection refused"),
            Map.entry(EHOSTUNREACH, "EHOSTUNREACH the host is unreachable"));

    private Errno() {}

    /** Such as EEXIST; of a number not known here, {@code errno 77}. */
    static String name(int errno) {
        String entry = NAMES.get(errno);
        return entry == null ? "errno " + errno : entry.substring(0, entry.indexOf(' '));
    }

    /** What it means, and what to do where one thing is to do. */
    static String meaning(int errno) {
        String entry = NAMES.get(errno);
        return entry == null ? "the kernel refused it" : entry.substring(entry.indexOf(' ') + 1);
    }
}
