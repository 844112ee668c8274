package io.onlink.netlink;

import io.onlink.inet.Ipv4Prefix;
import io.onlink.route.KernelException;
import io.onlink.route.Route;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

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

    /** Between a failure and the next socket. */
    private static final int PAUSE_MILLIS = 1000;

    private final Source source;
    private final int end;
    private final IntPredicate own;
    private final Listener listener;
    private final LibC.Block received = new LibC.Block(RECEIVE);
    private final LibC.Block fds = new LibC.Block(2 * POLLFD);
    private final LibC.Block one = new LibC.Block(Long.BYTES);
    private NetlinkSocket socket;
    private final Interest interest;
    private final Thread thread;
    private final LongAdder overruns = new LongAdder();
    private volatile boolean closed;

    /** Destinations at which a foreign route is in our way. */
    private volatile Set<Ipv4Prefix> blocked = Set.of();

    /** Called on the monitor's thread; must return soon, and must not throw. */
    public interface Listener {
        /** Others changed a link, an address, a nexthop object, a default route or one of our routes. */
        void changed();

        /** Notifications were lost; anything may have changed. */
        void overrun();

        /**
         * The kernel says that a change of ours is made: there is a route to the destination now, or there is none.
         * Called before {@link #changed} is, if it is.
         */
        default void echoed(Ipv4Prefix dst, boolean there) {}

        /**
         * Somebody else did something to one of our routes, to a link, an address or a nexthop object. Called before
         * {@link #changed} is.
         *
         * @param dst the route's destination; null for what is no route
         * @param port the sender's netlink port, which is its process id if it has but one such socket; 0 is the kernel
         */
        default void touched(@Nullable Ipv4Prefix dst, int port) {}

        /** Nothing is heard for the time being; once a new socket is open, {@link #overrun} is called. */
        void failed(String reason);
    }

    /** Opens a socket that notifications arrive at. */
    interface Source {
        NetlinkSocket open() throws KernelException;
    }

    /** Whether a notification matters. */
    interface Interest {
        boolean test(MessageReader message) throws NetlinkException;
    }

    private KernelMonitor(Source source, int end, IntPredicate own, Listener listener, @Nullable Interest interest)
            throws KernelException {
        this.interest = interest == null ? this::ofInterest : interest;
        this.thread = new Thread(this::run, interest == null ? "kernel-monitor" : "guard-monitor");
        this.source = source;
        this.socket = source.open();
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
        return start(own, listener, () -> open(receiveBuffer));
    }

    static KernelMonitor start(IntPredicate own, Listener listener, Source source) throws KernelException {
        return start(own, listener, source, null);
    }

    /** One that listens to something else than rtnetlink, where an interest is given. */
    static KernelMonitor start(IntPredicate own, Listener listener, Source source, @Nullable Interest interest)
            throws KernelException {
        int end = LibC.eventfd();
        if (end < 0) {
            throw NetlinkSocket.broken("make an eventfd", end);
        }
        try {
            KernelMonitor monitor = new KernelMonitor(source, end, own, listener, interest);
            monitor.thread.setDaemon(true);
            monitor.thread.start();
            return monitor;
        } catch (KernelException e) {
            LibC.close(end);
            throw e;
        }
    }

    static NetlinkSocket open(int receiveBuffer) throws KernelException {
        NetlinkSocket socket = NetlinkSocket.open(receiveBuffer);
        try {
            socket.join(Uapi.RTNLGRP_LINK);
            socket.join(Uapi.RTNLGRP_IPV4_IFADDR);
            socket.join(Uapi.RTNLGRP_IPV4_ROUTE);
        } catch (KernelException e) {
            socket.close();
            throw e;
        }
        // Linux 3.8: forwarding turned off, or on, by hand.
        socket.option(Uapi.SOL_NETLINK, Uapi.NETLINK_ADD_MEMBERSHIP, Uapi.RTNLGRP_IPV4_NETCONF);
        // Linux 5.3; before it there are no nexthop objects to be told of.
        socket.option(Uapi.SOL_NETLINK, Uapi.NETLINK_ADD_MEMBERSHIP, Uapi.RTNLGRP_NEXTHOP);
        return socket;
    }

    private void run() {
        try {
            boolean open = true;
            while (!closed) {
                try {
                    if (!open) {
                        socket = source.open();
                        open = true;
                        listener.overrun();
                    }
                    listen();
                } catch (KernelException | RuntimeException e) {
                    open = false;
                    socket.close();
                    listener.failed(e instanceof KernelException known ? known.text() : e.toString());
                    pause();
                }
            }
        } finally {
            socket.close();
            LibC.close(end);
        }
    }

    private void pause() {
        fds.buffer.putInt(POLLFD, end).putShort(POLLFD + 4, (short) Uapi.POLLIN);
        fds.buffer.putInt(0, -1); // which poll(2) passes over
        LibC.poll(fds, 2, PAUSE_MILLIS);
    }

    private void listen() throws KernelException {
        fds.buffer.putInt(0, socket.fd()).putShort(4, (short) Uapi.POLLIN);
        fds.buffer.putInt(POLLFD, end).putShort(POLLFD + 4, (short) Uapi.POLLIN);
        while (!closed) {
            int ready = LibC.poll(fds, 2, -1);
            if (ready < 0 && ready != -Errno.EINTR) {
                throw NetlinkSocket.broken("wait for the kernel's notifications", ready);
            }
            if (!closed && ready > 0 && fds.buffer.getShort(REVENTS) != 0) {
                drain();
            }
        }
    }

    /** Reads what there is, up to {@link #DRAIN}, and tells of it once. */
    private void drain() throws KernelException {
        boolean changed = false;
        boolean overrun = false;
        int length = socket.receive(received, Uapi.MSG_DONTWAIT);
        for (int read = 1; length != -Errno.EAGAIN && !closed; read++) {
            if (length < 0 && length != -Errno.ENOBUFS) {
                throw NetlinkSocket.broken("read the kernel's notifications", length);
            }
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
            overruns.increment();
            listener.overrun();
        } else if (changed) {
            listener.changed();
        }
    }

    private boolean matters(MessageReader message) throws NetlinkException {
        boolean matters = false;
        while (message.next()) {
            if (own.test(message.port())) {
                echo(message);
            } else if (interest.test(message)) {
                boolean route = message.type() == Uapi.RTM_NEWROUTE || message.type() == Uapi.RTM_DELROUTE;
                listener.touched(route ? RouteMessage.destination(message) : null, message.port());
                matters = true;
            }
        }
        return matters;
    }

    private void echo(MessageReader message) throws NetlinkException {
        boolean added = message.type() == Uapi.RTM_NEWROUTE;
        if ((added || message.type() == Uapi.RTM_DELROUTE) && RouteMessage.isMain(message, Route.PROTOCOL)) {
            listener.echoed(RouteMessage.destination(message), added);
        }
    }

    /** How often notifications were lost or could not be read. */
    public long overruns() {
        return overruns.sum();
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
                    Uapi.RTM_NEWNETCONF,
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
