package io.onlink.netlink;

import io.onlink.route.KernelException;

/** A netlink socket bound to a port id that the kernel chose. One thread at a time, but for {@link #port()}. */
final class NetlinkSocket implements Datagrams {
    /** {@code sizeof(struct sockaddr_nl)}. */
    private static final int ADDRESS = 12;

    /** Offset of {@code nl_pid} in it. */
    private static final int PORT = 4;

    private final int fd;
    private final LibC.Block value = new LibC.Block(16);
    private int port;
    private boolean closed;

    /** Of a file descriptor that is open. */
    NetlinkSocket(int fd) {
        this.fd = fd;
    }

    /**
     * Opens and binds one in the calling thread's network namespace.
     *
     * @param receiveBuffer in bytes; the kernel doubles it, and without CAP_NET_ADMIN caps it at rmem_max
     */
    static NetlinkSocket open(int receiveBuffer) throws KernelException {
        return open(Uapi.NETLINK_ROUTE, receiveBuffer);
    }

    /** One of another netlink family. */
    static NetlinkSocket open(int family, int receiveBuffer) throws KernelException {
        int fd = LibC.socket(Uapi.AF_NETLINK, Uapi.SOCK_RAW | Uapi.SOCK_CLOEXEC, family);
        if (fd < 0) {
            throw broken("open a netlink socket", fd);
        }
        NetlinkSocket socket = new NetlinkSocket(fd);
        try {
            socket.bind();
            if (socket.option(Uapi.SOL_SOCKET, Uapi.SO_RCVBUFFORCE, receiveBuffer) < 0) {
                check("set the netlink socket's buffer", socket.option(Uapi.SOL_SOCKET, Uapi.SO_RCVBUF, receiveBuffer));
            }
            return socket;
        } catch (KernelException e) {
            socket.close();
            throw e;
        }
    }

    private void bind() throws KernelException {
        LibC.Block address = new LibC.Block(ADDRESS);
        address.buffer.putShort(0, (short) Uapi.AF_NETLINK);
        check("bind a netlink socket", LibC.bind(fd, address, ADDRESS));
        LibC.Block length = new LibC.Block(Integer.BYTES);
        length.buffer.putInt(0, ADDRESS);
        check("learn the netlink socket's port", LibC.getsockname(fd, address, length));
        port = address.buffer.getInt(PORT);
    }

    /** From now on only the kernel can send to this socket, and no other process. */
    void connectToKernel() throws KernelException {
        LibC.Block address = new LibC.Block(ADDRESS);
        address.buffer.putShort(0, (short) Uapi.AF_NETLINK);
        check("connect a netlink socket", LibC.connect(fd, address, ADDRESS));
    }

    @Override
    public int port() {
        return port;
    }

    int fd() {
        return fd;
    }

    /** Sets an int option; 0 or the negated errno. */
    int option(int level, int option, int set) {
        value.buffer.putInt(0, set);
        return LibC.setsockopt(fd, level, option, value, Integer.BYTES);
    }

    /** Lets no call on the socket wait for longer. */
    void timeout(int seconds) throws KernelException {
        value.buffer.putLong(0, seconds);
        value.buffer.putLong(Long.BYTES, 0);
        check("set a timeout", LibC.setsockopt(fd, Uapi.SOL_SOCKET, Uapi.SO_RCVTIMEO, value, 2 * Long.BYTES));
        check("set a timeout", LibC.setsockopt(fd, Uapi.SOL_SOCKET, Uapi.SO_SNDTIMEO, value, 2 * Long.BYTES));
    }

    void join(int group) throws KernelException {
        check("join netlink group " + group, option(Uapi.SOL_NETLINK, Uapi.NETLINK_ADD_MEMBERSHIP, group));
    }

    @Override
    public void send(LibC.Block message, int length) throws KernelException {
        int sent = LibC.send(fd, message, length);
        while (sent == -Errno.EINTR) {
            sent = LibC.send(fd, message, length);
        }
        check("send to the kernel", sent);
    }

    @Override
    public int receive(LibC.Block into, int flags) {
        int length = LibC.receive(fd, into, flags | Uapi.MSG_TRUNC);
        while (length == -Errno.EINTR) {
            length = LibC.receive(fd, into, flags | Uapi.MSG_TRUNC);
        }
        return length;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            LibC.close(fd);
        }
    }

    private static void check(String what, int result) throws KernelException {
        if (result < 0) {
            throw broken(what, result);
        }
    }

    /** The exception for a call that returned a negated errno. */
    static KernelException broken(String what, int result) {
        String name = Errno.name(-result);
        return new KernelException("cannot " + what + ": " + name + ", " + Errno.meaning(-result), name);
    }
}
