package io.onlink.netlink;

import io.onlink.inet.Ipv4;
import io.onlink.route.KernelException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * A UDP socket inside of the tunnel: what it sends goes out by the tunnel link and no other, never in fragments, and what
 * it gets came in by it.
 *
 * <p>ICMP errors are told with the address they are about (IP_RECVERR), and the path MTU that the kernel believes in is
 * not heeded (IP_PMTUDISC_PROBE), for it is what is to be measured. One thread, but for {@link #wake()}.
 */
public final class TunnelSocket implements AutoCloseable {
    /** Most bytes of a datagram that are read; of a longer one only the length is known. */
    public static final int READ = 64;

    /** Datagrams and errors read at a time, so that a flood does not keep the thread from its clock. */
    private static final int DRAIN = 256;

    /** {@code sizeof(struct sockaddr_in)}. */
    private static final int ADDRESS = 16;

    /** {@code sizeof(struct msghdr)} and offsets in it, where pointers have 8 bytes. */
    private static final int MSGHDR = 56;

    private static final int NAME_LENGTH = 8;
    private static final int CONTROL_LENGTH = 40;

    private static final int CONTROL = 128;

    /** Offset of the first {@code struct sock_extended_err} behind its {@code struct cmsghdr}. */
    private static final int ERROR = 16;

    private static final int POLLFD = 8;

    private final int fd;
    private final int wake;
    private final int port;
    private final LibC.Block name = new LibC.Block(ADDRESS);
    private final LibC.Block payload;
    private final LibC.Block iov = new LibC.Block(16);
    private final LibC.Block control = new LibC.Block(CONTROL);
    private final LibC.Block message = new LibC.Block(MSGHDR);
    private final LibC.Block fds = new LibC.Block(2 * POLLFD);
    private final LibC.Block one = new LibC.Block(Long.BYTES);
    private boolean closed;

    /** What arrives. */
    public interface Listener {
        /** A datagram: its first bytes, up to {@value #READ}, and how long it is as a whole. */
        void datagram(Ipv4 from, byte[] head, int length);

        /** The host says that nobody listens at the port. */
        void refused(Ipv4 to);

        /** A router, or this host, says that packets to there may have that many bytes at most. */
        void tooBig(Ipv4 to, int mtu);
    }

    private TunnelSocket(int fd, int wake, int port, int largest) {
        this.fd = fd;
        this.wake = wake;
        this.port = port;
        this.payload = new LibC.Block(Math.max(READ, largest));
        message.buffer.putLong(0, name.address);
        message.buffer.putLong(16, iov.address);
        message.buffer.putLong(24, 1);
        iov.buffer.putLong(0, payload.address);
        fds.buffer.putInt(0, fd).putShort(4, (short) Uapi.POLLIN);
        fds.buffer.putInt(POLLFD, wake).putShort(POLLFD + 4, (short) Uapi.POLLIN);
    }

    /**
     * Where it is bound.
     *
     * @param tunnel name of the link
     * @param address that the link has
     * @param port of UDP, that it sends from and to
     */
    public record Place(String tunnel, Ipv4 address, int port) {}

    /**
     * Opens one in the calling thread's network namespace.
     *
     * @param largest bytes of the largest datagram to be sent
     * @throws KernelException if the link or its address is not there, or the port is taken
     */
    public static TunnelSocket open(Place place, int largest) throws KernelException {
        int fd = LibC.socket(Uapi.AF_INET, Uapi.SOCK_DGRAM | Uapi.SOCK_CLOEXEC, 0);
        if (fd < 0) {
            throw NetlinkSocket.broken("open a UDP socket", fd);
        }
        int wake = LibC.eventfd();
        if (wake < 0) {
            LibC.close(fd);
            throw NetlinkSocket.broken("make an eventfd", wake);
        }
        TunnelSocket socket = new TunnelSocket(fd, wake, place.port(), largest);
        try {
            socket.set(place);
            return socket;
        } catch (KernelException e) {
            socket.close();
            throw e;
        }
    }

    private void set(Place place) throws KernelException {
        byte[] link = place.tunnel().getBytes(StandardCharsets.UTF_8);
        LibC.Block value = new LibC.Block(Uapi.IFNAMSIZ);
        value.buffer.put(link, 0, Math.min(link.length, Uapi.IFNAMSIZ - 1));
        int bound = LibC.setsockopt(fd, Uapi.SOL_SOCKET, Uapi.SO_BINDTODEVICE, value, link.length);
        if (bound < 0) {
            throw unbound(place.tunnel(), bound);
        }
        value.buffer.putInt(0, Uapi.IP_PMTUDISC_PROBE);
        check("forbid fragments", LibC.setsockopt(fd, Uapi.IPPROTO_IP, Uapi.IP_MTU_DISCOVER, value, Integer.BYTES));
        value.buffer.putInt(0, 1);
        check("ask for ICMP errors", LibC.setsockopt(fd, Uapi.IPPROTO_IP, Uapi.IP_RECVERR, value, Integer.BYTES));
        address(place.address());
        check("bind UDP port " + place.port() + " of " + place.address(), LibC.bind(fd, name, ADDRESS));
    }

    /** Linux 5.7 (c427bfec18f2) lets anybody bind a socket that is not bound yet; before, it took CAP_NET_RAW. */
    static KernelException unbound(String link, int result) {
        if (result != -Errno.EPERM) {
            return NetlinkSocket.broken("bind to the link " + link, result);
        }
        return new KernelException(
                "cannot bind to the link " + link + ": EPERM, before Linux 5.7 that takes CAP_NET_RAW; grant it too",
                Errno.name(Errno.EPERM));
    }

    private void address(Ipv4 to) {
        name.buffer.putShort(0, (short) Uapi.AF_INET);
        name.buffer.order(ByteOrder.BIG_ENDIAN);
        name.buffer.putShort(2, (short) port).putInt(4, to.bits());
        name.buffer.order(ByteOrder.nativeOrder());
    }

    private Ipv4 address() {
        int bits = name.buffer.getInt(4);
        return new Ipv4(ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? bits : Integer.reverseBytes(bits));
    }

    /**
     * Sends a datagram of that length that begins with {@code head} and has zeros after it. What the network does not
     * take is lost, as anywhere on its way.
     *
     * @throws KernelException if the socket is of no use any more, for its link is gone
     */
    public void send(Ipv4 to, byte[] head, int length) throws KernelException {
        int sent = trySend(to, head, length);
        if (sent < 0 && sent != -Errno.EAGAIN) {
            // The error may be an earlier packet's, which is told once here too; that packet has its own report.
            sent = trySend(to, head, length);
        }
        if (sent == -Errno.ENODEV || sent == -Errno.EADDRNOTAVAIL || sent == -Errno.EINVAL) {
            throw NetlinkSocket.broken("send through the tunnel", sent);
        }
        if (sent == -Errno.ENETUNREACH) {
            stillBound();
        }
    }

    /**
     * A socket is bound to the index of its link, not to its name: when the link has been made anew, the network is
     * unreachable through this socket for good.
     */
    private void stillBound() throws KernelException {
        LibC.Block link = new LibC.Block(Uapi.IFNAMSIZ);
        LibC.Block length = new LibC.Block(Integer.BYTES);
        length.buffer.putInt(0, Uapi.IFNAMSIZ);
        check("find the link it is bound to", LibC.getsockopt(fd, Uapi.SOL_SOCKET, Uapi.SO_BINDTODEVICE, link, length));
    }

    private int trySend(Ipv4 to, byte[] head, int length) {
        address(to);
        payload.buffer.put(0, head);
        for (int i = head.length; i < READ; i++) {
            payload.buffer.put(i, (byte) 0);
        }
        prepare(length, 0);
        return LibC.sendmsg(fd, message, Uapi.MSG_DONTWAIT);
    }

    private void prepare(int length, int controlLength) {
        message.buffer.putInt(NAME_LENGTH, ADDRESS);
        iov.buffer.putLong(8, length);
        message.buffer.putLong(CONTROL_LENGTH - 8, controlLength == 0 ? 0 : control.address);
        message.buffer.putLong(CONTROL_LENGTH, controlLength);
    }

    /**
     * Waits until something has arrived, {@link #wake()} is called or the time is over.
     *
     * @param nanos how long at most
     */
    public void await(long nanos) {
        long millis = TimeUnit.NANOSECONDS.toMillis(Math.max(0, nanos) + 999_999);
        LibC.poll(fds, 2, (int) Math.min(millis, TimeUnit.HOURS.toMillis(1)));
        if (fds.buffer.getShort(POLLFD + 6) != 0) {
            LibC.read(wake, one);
        }
    }

    /** Ends {@link #await}, also one that is still to come. Any thread. */
    public synchronized void wake() {
        if (!closed) {
            LibC.Block more = new LibC.Block(Long.BYTES);
            more.buffer.putLong(0, 1);
            LibC.write(wake, more, Long.BYTES);
        }
    }

    /**
     * Reads what has arrived, without waiting.
     *
     * @throws KernelException if the socket is of no use any more
     */
    public void receive(Listener listener) throws KernelException {
        for (int i = 0; i < DRAIN; i++) {
            prepare(READ, 0);
            int length = LibC.recvmsg(fd, message, Uapi.MSG_DONTWAIT | Uapi.MSG_TRUNC);
            if (length >= 0) {
                byte[] head = new byte[Math.min(length, READ)];
                payload.buffer.get(0, head);
                listener.datagram(address(), head, length);
            } else if (length == -Errno.EAGAIN) {
                if (!error(listener)) {
                    return;
                }
            } else if (length == -Errno.EBADF || length == -Errno.EINVAL) {
                throw NetlinkSocket.broken("receive from the tunnel", length);
            }
        }
    }

    /** Takes one report of an error, if there is one. */
    private boolean error(Listener listener) {
        prepare(READ, CONTROL);
        int length = LibC.recvmsg(fd, message, Uapi.MSG_DONTWAIT | Uapi.MSG_ERRQUEUE);
        if (length < 0) {
            return false;
        }
        boolean report = message.buffer.getLong(CONTROL_LENGTH) >= ERROR + 16
                && control.buffer.getInt(8) == Uapi.IPPROTO_IP
                && control.buffer.getInt(12) == Uapi.IP_RECVERR;
        int origin = control.buffer.get(ERROR + 4);
        if (report && (origin == Uapi.SO_EE_ORIGIN_ICMP || origin == Uapi.SO_EE_ORIGIN_LOCAL)) {
            int errno = control.buffer.getInt(ERROR);
            if (errno == Errno.EMSGSIZE) {
                listener.tooBig(address(), control.buffer.getInt(ERROR + 8));
            } else if (errno == Errno.ECONNREFUSED) {
                listener.refused(address());
            }
        }
        return true;
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            LibC.close(fd);
            LibC.close(wake);
        }
    }

    private static void check(String what, int result) throws KernelException {
        if (result < 0) {
            throw NetlinkSocket.broken(what, result);
        }
    }
}
