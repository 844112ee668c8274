package io.onlink.netlink;

import io.onlink.route.KernelException;

/** Two-way datagrams with the kernel. */
interface Datagrams extends AutoCloseable {
    /** Opens some; a conversation that broke goes on over fresh ones. */
    interface Source {
        Datagrams open() throws KernelException;
    }

    /** The port id ("pid") the kernel knows this end by. */
    int port();

    /** Sends the block's first octets as one datagram. */
    void send(LibC.Block message, int length) throws KernelException;

    /**
     * Receives one datagram.
     *
     * @return its length, which is more than the block's where it was cut; or the negated errno
     */
    int receive(LibC.Block into, int flags);

    @Override
    void close();
}
