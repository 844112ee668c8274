package io.onlink.netlink;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;
import jnr.ffi.types.u_int64_t;

/**
 * The C library's calls, each returning what the call returned or the negated errno.
 *
 * <p>Memory goes in as the address of a {@link Block}: nothing is allocated or copied per call. A block that is given
 * here lasts until the call is over; one whose address stands in another its owner keeps in a field. None of the calls
 * has six arguments, the sixth of which jnr-ffi 2.3.4 passes wrongly on x86-64.
 */
final class LibC {
    private static final Calls CALLS =
            LibraryLoader.create(Calls.class).failImmediately().load("c");
    private static final Runtime RUNTIME = Runtime.getRuntime(CALLS);

    private LibC() {}

    /** Signatures as jnr-ffi reads them; public because its generated class lies in another package. */
    public interface Calls {
        int socket(int domain, int type, int protocol);

        int bind(int fd, @u_int64_t long address, int length);

        int connect(int fd, @u_int64_t long address, int length);

        int getsockname(int fd, @u_int64_t long address, @u_int64_t long length);

        int setsockopt(int fd, int level, int option, @u_int64_t long value, int length);

        int getsockopt(int fd, int level, int option, @u_int64_t long value, @u_int64_t long length);

        int ioctl(int fd, @u_int64_t long request, @u_int64_t long argument);

        int poll(@u_int64_t long fds, @u_int64_t long count, int timeout);

        int eventfd(int initial, int flags);

        int close(int fd);

        @ssize_t
        long send(int fd, @u_int64_t long buffer, @size_t long length, int flags);

        @ssize_t
        long recv(int fd, @u_int64_t long buffer, @size_t long length, int flags);

        @ssize_t
        long sendmsg(int fd, @u_int64_t long message, int flags);

        @ssize_t
        long recvmsg(int fd, @u_int64_t long message, int flags);

        @ssize_t
        long read(int fd, @u_int64_t long buffer, @size_t long length);

        @ssize_t
        long write(int fd, @u_int64_t long buffer, @size_t long length);
    }

    /** Zeroed memory outside the heap, in native order. */
    static final class Block {
        final ByteBuffer buffer;
        final long address;

        Block(int size) {
            buffer = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
            address = Pointer.wrap(RUNTIME, buffer).address();
        }
    }

    static int socket(int domain, int type, int protocol) {
        return result(CALLS.socket(domain, type, protocol));
    }

    static int bind(int fd, Block address, int length) {
        return result(CALLS.bind(fd, address.address, length), address);
    }

    static int connect(int fd, Block address, int length) {
        return result(CALLS.connect(fd, address.address, length), address);
    }

    static int getsockname(int fd, Block address, Block length) {
        return result(CALLS.getsockname(fd, address.address, length.address), address, length);
    }

    /** Sets an option whose value is the first {@code length} octets of the block. */
    static int setsockopt(int fd, int level, int option, Block value, int length) {
        return result(CALLS.setsockopt(fd, level, option, value.address, length), value);
    }

    /** Gets an option into the block; its length is first of the other, and there afterwards. */
    static int getsockopt(int fd, int level, int option, Block value, Block length) {
        return result(CALLS.getsockopt(fd, level, option, value.address, length.address), value, length);
    }

    static int ioctl(int fd, long request, Block argument) {
        return result(CALLS.ioctl(fd, request, argument.address), argument);
    }

    static int poll(Block fds, int count, int timeoutMillis) {
        return result(CALLS.poll(fds.address, count, timeoutMillis), fds);
    }

    static int eventfd() {
        return result(CALLS.eventfd(0, Uapi.SOCK_CLOEXEC));
    }

    static int close(int fd) {
        return result(CALLS.close(fd));
    }

    static int send(int fd, Block message, int length) {
        return result(CALLS.send(fd, message.address, length, 0), message);
    }

    static int receive(int fd, Block into, int flags) {
        return result(CALLS.recv(fd, into.address, into.buffer.capacity(), flags), into);
    }

    /** The block is a {@code struct msghdr}. */
    static int sendmsg(int fd, Block message, int flags) {
        return result(CALLS.sendmsg(fd, message.address, flags), message);
    }

    /** The block is a {@code struct msghdr}. */
    static int recvmsg(int fd, Block message, int flags) {
        return result(CALLS.recvmsg(fd, message.address, flags), message);
    }

    static int read(int fd, Block into) {
        return result(CALLS.read(fd, into.address, into.buffer.capacity()), into);
    }

    static int write(int fd, Block from, int length) {
        return result(CALLS.write(fd, from.address, length), from);
    }

    /** Of a call that was given the addresses of both. */
    private static int result(long returned, Block used, Block alsoUsed) {
        try {
            return result(returned, used);
        } finally {
            Reference.reachabilityFence(alsoUsed.buffer);
        }
    }

    /** Of a call that was given the block's address: its memory is freed when nobody holds it, in use or not. */
    private static int result(long returned, Block used) {
        try {
            return result(returned);
        } finally {
            Reference.reachabilityFence(used.buffer);
        }
    }

    private static int result(long returned) {
        return returned >= 0 ? (int) returned : -RUNTIME.getLastError();
    }
}
