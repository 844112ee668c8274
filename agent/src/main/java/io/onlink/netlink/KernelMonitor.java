package io.onlink.netlink;

import io.onlink.inet.Ipv4Prefix;
import io.onlink.route.KernelException;
import io.onlink.route.Route;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;

/**
 * Tells when others change what matters to us, on its own daemon thread "kernel-monitor".
 *
 * <p>It says that there is something to look at, never what: the kernel drops routes silently when their link goes down
 * or their nexthop object is deleted, so only a dump tells.
 */
public final class KernelMonitor implements AutoCloseable {
    /** Room for 10 000 notifications; the kernel doubles it. */
    private static final int RECEIVE_BUFFER = 8 * 1024 * 1024;

    private static final int RECEIVE = 64 * 1024;

    /** Datagrams read before telling, so that a storm without end is told of too. */
    private static final int DRAIN = 10_000;

    /** {@code sizeof(struct pollfd)}: the socket is the first, the event that ends the thread the second. */
    private static final int POLLFD = 8;

    private static final int REVENTS = 6;

    private final NetlinkSocket socket;
    private final int end;
    private final IntPredicate own;
    private final Listener listener;
    private final LibC.Block received = new LibC.Block(RECEIVE);
    private final LibC.Block fds = new LibC.Block(2 * POLLFD);
    private final LibC.Block one = new LibC.Block(Long.BYTES);
    private final Thread thread = new Thread(this::run, "kernel-monitor");
    private volatile boolean closed;

    /** Destinations at which a foreign route is in our way. */
    private volatile Set<Ipv4Prefix> blocked = Set.of();

    /** Called on the monitor's thread; must return soon, and must not throw. */
    public interface Listener {
        /** Others changed a link, an address, a nexthop object, a default route or one of our routes. */
        void changed();

        /** Notifications were lost; anything may have changed. */
        void overrun();
    }

    private KernelMonitor(NetlinkSocket socket, int end, IntPredicate own, Listener listener) {
        this.socket = socket;
        this.end = end;
        this.own = own;
        this.listener = listener;
    }

    /**
     * Starts in the calling thread's network namespace.
     *
     * @param kernel whose own changes are not told
     */
    public static KernelMonitor start(LinuxKernel kernel, Listener listener) throws KernelException {
        return start(port -> port == kernel.port(), listener, RECEIVE_BUFFER);
    }

    static KernelMonitor start(IntPredicate own, Listener listener, int receiveBuffer) throws KernelException {
        NetlinkSocket socket = NetlinkSocket.open(receiveBuffer);
        try {
            socket.join(Uapi.RTNLGRP_LINK);
            socket.join(Uapi.RTNLGRP_IPV4_IFADDR);
            socket.join(Uapi.RTNLGRP_IPV4_ROUTE);
            // Linux 5.3; before it there are no nexthop objects to be told of.
            socket.option(Uapi.SOL_NETLINK, Uapi.NETLINK_ADD_MEMBERSHIP, Uapi.RTNLGRP_NEXTHOP);
            int end = LibC.eventfd();
            if (end < 0) {
                throw NetlinkSocket.broken("make an eventfd", end);
            }
            KernelMonitor monitor = new KernelMonitor(socket, end, own, listener);
            monitor.thread.setDaemon(true);
            monitor.thread.start();
            return monitor;
        } catch (KernelException e) {
            socket.close();
            throw e;
        }
    }

    private void run() {
        try {
            fds.buffer.putInt(0, socket.fd()).putShort(4, (short) Uapi.POLLIN);
            fds.buffer.putInt(POLLFD, end).putShort(POLLFD + 4, (short) Uapi.POLLIN);
            while (!closed) {
                int ready = LibC.poll(fds, 2, -1);
                if (ready < 0 && ready != -Errno.EINTR) {
                    listener.overrun();
                    return;
                }
                if (!closed && ready > 0 && fds.buffer.getShort(REVENTS) != 0) {
                    drain();
                }
            }
        } finally {
            socket.close();
            LibC.close(end);
        }
    }

    /** Reads what there is, up to {@link #DRAIN}, and tells of it once. */
    private void drain() {
        boolean changed = false;
        boolean overrun = false;
        int length = socket.receive(received, Uapi.MSG_DONTWAIT);
        for (int read = 1; length != -Errno.EAGAIN && !closed; read++) {
            try {
                overrun |= length < 0 || length > RECEIVE;
                changed |= length > 0 && length <= RECEIVE && matters(new MessageReader(received.buffer, length));
            } catch (NetlinkException e) {
                // What cannot be read may have been anything, as if it were lost.
                overrun = true;
            }
            if (read == DRAIN) {
                break;
            }
            length = socket.receive(received, Uapi.MSG_DONTWAIT);
        }
        if (overrun) {
            listener.overrun();
        } else if (changed) {
            listener.changed();
        }
    }

    private boolean matters(MessageReader message) throws NetlinkException {
        boolean matters = false;
        while (message.next()) {
            matters |= !own.test(message.port()) && ofInterest(message);
        }
        return matters;
    }

    /** From now on tells, too, when a foreign route to one of these destinations goes. Any thread. */
    public void watch(Set<Ipv4Prefix> destinations) {
        blocked = Set.copyOf(destinations);
    }

    private boolean ofInterest(MessageReader message) throws NetlinkException {
        return switch (message.type()) {
            case Uapi.RTM_NEWLINK,
                    Uapi.RTM_DELLINK,
                    Uapi.RTM_NEWADDR,
                    Uapi.RTM_DELADDR,
                    Uapi.RTM_NEWNEXTHOP,
                    Uapi.RTM_DELNEXTHOP -> true;
            // A route that replaces ours has its maker's protocol, and ours is not said to be gone.
            case Uapi.RTM_NEWROUTE ->
                RouteMessage.isMain(message, Route.PROTOCOL)
                        || RouteMessage.isDefault(message)
                        || (RouteMessage.isMain(message) && (message.flags() & Uapi.NLM_F_REPLACE) != 0);
            // The gateway of a default route is what no claim may cover.
            case Uapi.RTM_DELROUTE ->
                RouteMessage.isMain(message, Route.PROTOCOL) || RouteMessage.isDefault(message) || unblocks(message);
            default -> false;
        };
    }

    private boolean unblocks(MessageReader message) throws NetlinkException {
        Set<Ipv4Prefix> watched = blocked;
        return !watched.isEmpty()
                && RouteMessage.isMain(message)
                && watched.contains(RouteMessage.decode(message).dst());
    }

    /** Ends the thread and waits for it. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        one.buffer.putLong(0, 1);
        LibC.write(end, one, Long.BYTES);
        try {
            if (Thread.currentThread() != thread) {
                thread.join(TimeUnit.SECONDS.toMillis(5));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
