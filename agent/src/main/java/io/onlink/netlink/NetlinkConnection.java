package io.onlink.netlink;

import io.onlink.route.KernelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Requests and their answers, told apart by sequence number and port id. One thread at a time. */
final class NetlinkConnection implements AutoCloseable {
    /** The longest wait for one datagram of an answer; the kernel answers as it takes the request, so it means hung. */
    static final int TIMEOUT_SECONDS = 5;

    /** Messages sent at once; beyond it nothing is gained, and errors must fit the receive buffer. */
    static final int BATCH = 64;

    /** A dump that the tables' changing interrupted is asked for so often in all. */
    private static final int ATTEMPTS = 5;

    /** Octets of a receive; the kernel fills no more than 32 KiB at once in a dump. */
    private static final int RECEIVE = 64 * 1024;

    /** Octets of a batch; the longest route message is below 80. */
    private static final int SEND = (BATCH + 2) * 128;

    private static final int RECEIVE_BUFFER = 1024 * 1024;

    private final LibC.Block received = new LibC.Block(RECEIVE);
    private LibC.Block sent = new LibC.Block(SEND);
    private final MessageWriter writer = new MessageWriter(sent.buffer);
    private final NetlinkCounts counts = new NetlinkCounts();
    private final Datagrams.Source source;
    private Datagrams socket;
    private volatile int port;

    NetlinkConnection(Datagrams.Source source) throws KernelException {
        this.source = source;
        this.socket = source.open();
        this.port = socket.port();
    }

    static NetlinkConnection open() throws KernelException {
        return new NetlinkConnection(NetlinkConnection::connect);
    }

    /** A socket that takes from the kernel alone, and lets it filter dumps where it can. */
    static Datagrams connect() throws KernelException {
        return connect(Uapi.NETLINK_ROUTE);
    }

    /** One of that netlink family. */
    static NetlinkSocket connect(int family) throws KernelException {
        NetlinkSocket socket = NetlinkSocket.open(family, RECEIVE_BUFFER);
        try {
            socket.connectToKernel();
            socket.timeout(TIMEOUT_SECONDS);
        } catch (KernelException e) {
            socket.close();
            throw e;
        }
        // Kernels before 4.20, 4.12 and 4.2 lack these; all is decoded without them too, only less is filtered or said.
        socket.option(Uapi.SOL_NETLINK, Uapi.NETLINK_GET_STRICT_CHK, 1);
        socket.option(Uapi.SOL_NETLINK, Uapi.NETLINK_EXT_ACK, 1);
        socket.option(Uapi.SOL_NETLINK, Uapi.NETLINK_CAP_ACK, 1);
        return socket;
    }

    /** The port id our messages bear in notifications; changes when a broken conversation is begun anew. Any thread. */
    int port() {
        return port;
    }

    /** What was asked over it; any thread may read it. */
    NetlinkCounts counts() {
        return counts;
    }

    /** Emptied, to write the next request into. */
    MessageWriter request() {
        writer.clear();
        return writer;
    }

    /** Emptied, to write requests of up to so many octets into, which are then sent at once. */
    MessageWriter request(int octets) {
        if (octets > sent.buffer.capacity()) {
            sent = new LibC.Block(octets);
            writer.moveTo(sent.buffer);
        }
        return request();
    }

    /** Turns one message of an answer into a value. */
    interface Decoder<T> {
        /** The value, or null if the message is none of ours. */
        @Nullable
        T decode(MessageReader message) throws NetlinkException;
    }

    /**
     * A whole dump.
     *
     * @param values what the decoder made of it; empty if refused
     * @param refusal the kernel's no, or null
     */
    record Answer<T>(List<T> values, @Nullable Refusal refusal) {}

    /**
     * Sends the one written dump request and reads the answer to its end, again if it was interrupted.
     *
     * @param type of the messages of the answer
     * @throws KernelException if the answer is not whole
     */
    <T> Answer<T> dump(int type, Decoder<T> decoder) throws KernelException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Answer<T> answer = attempt(type, decoder);
            if (answer != null) {
                return answer;
            }
        }
        throw new KernelException(
                "the kernel's tables changed during each of " + ATTEMPTS + " dumps; the next pass tries again",
                "EINTR");
    }

    /** One dump, or null if it was interrupted. */
    private <T> @Nullable Answer<T> attempt(int type, Decoder<T> decoder) throws KernelException {
        List<T> values = new ArrayList<>();
        boolean interrupted = false;
        boolean done = false;
        Refusal refusal = null;
        try {
            counts.sent(sent.buffer, writer.length());
            socket.send(sent, writer.length());
            while (!done) {
                MessageReader message = receive();
                while (!done && message.next()) {
                    if (isStale(message, writer.sequence())) {
                        continue;
                    }
                    interrupted |= (message.flags() & Uapi.NLM_F_DUMP_INTR) != 0;
                    if (message.type() == Uapi.NLMSG_ERROR || message.type() == Uapi.NLMSG_DONE) {
                        refusal = message.type() == Uapi.NLMSG_ERROR ? message.refusal() : verdict(message);
                        done = true;
                    } else {
                        T value = decode(message, type, decoder);
                        if (value != null) {
                            values.add(value);
                        }
                    }
                }
            }
        } catch (NetlinkException e) {
            throw begunAnew(new KernelException("a netlink dump cannot be read: " + e.getMessage(), ""));
        } catch (KernelException e) {
            throw begunAnew(e);
        }
        if (refusal != null) {
            counts.failed(Errno.name(refusal.errno()));
            return new Answer<>(List.of(), refusal);
        }
        if (interrupted) {
            counts.interrupted();
        }
        return interrupted ? null : new Answer<>(values, null);
    }

    private static <T> @Nullable T decode(MessageReader message, int type, Decoder<T> decoder) throws NetlinkException {
        if (message.type() == Uapi.NLMSG_NOOP) {
            return null;
        }
        if (message.type() != type) {
            throw new NetlinkException("message type " + message.type() + " instead of " + type);
        }
        return decoder.decode(message);
    }

    /** A dump that fails midway says so in the payload of NLMSG_DONE. */
    private static @Nullable Refusal verdict(MessageReader message) throws NetlinkException {
        message.need(Integer.BYTES);
        int error = message.number(0);
        return error < 0 ? new Refusal(-error, "") : null;
    }

    /**
     * Sends the written requests at once, the last with an acknowledgement as a fence, and waits for it.
     *
     * @return the refused ones by their place among the written, from 0
     */
    Map<Integer, Refusal> exchange(Decoder<?> answers) throws KernelException {
        return ask(answers, refusal -> false);
    }

    /** Likewise, where some refusals are answers too: those are not counted. */
    Map<Integer, Refusal> ask(Decoder<?> answers, Predicate<Refusal> answer) throws KernelException {
        writer.acknowledge();
        return exchange(writer.sequence(), answers, answer);
    }

    /**
     * Sends the written requests at once, of which the one with that sequence number asks for an acknowledgement; a
     * refusal of the very first ends the exchange too, for a batch is refused there as a whole.
     */
    Map<Integer, Refusal> exchange(int fence, Decoder<?> answers) throws KernelException {
        return exchange(fence, answers, refusal -> false);
    }

    private Map<Integer, Refusal> exchange(int fence, Decoder<?> answers, Predicate<Refusal> answer)
            throws KernelException {
        int last = writer.sequence();
        int first = last - writer.count() + 1;
        Map<Integer, Refusal> refusals = new TreeMap<>();
        try {
            counts.sent(sent.buffer, writer.length());
            socket.send(sent, writer.length());
            boolean done = false;
            while (!done) {
                MessageReader message = receive();
                while (message.next()) {
                    if (message.port() != port || message.sequence() - first < 0 || message.sequence() - last > 0) {
                        continue;
                    }
                    if (message.type() != Uapi.NLMSG_ERROR) {
                        answers.decode(message);
                        continue;
                    }
                    Refusal refusal = message.refusal();
                    if (refusal != null) {
                        if (!answer.test(refusal)) {
                            counts.failed(Errno.name(refusal.errno()));
                        }
                        refusals.put(message.sequence() - first, refusal);
                    }
                    done |= message.sequence() == fence || (fence != last && message.sequence() == first);
                }
            }
            return refusals;
        } catch (NetlinkException e) {
            throw begunAnew(new KernelException("the kernel's answer cannot be read: " + e.getMessage(), ""));
        } catch (KernelException e) {
            throw begunAnew(e);
        }
    }

    /** Left over from an earlier request, or not for us. */
    private boolean isStale(MessageReader message, int sequence) {
        return message.port() != port || message.sequence() != sequence;
    }

    private MessageReader receive() throws KernelException {
        int length = socket.receive(received, 0);
        if (length < 0) {
            throw NetlinkSocket.broken("read the kernel's answer", length);
        }
        if (length > RECEIVE) {
            throw new KernelException("the kernel's answer of " + length + " octets was cut", "EMSGSIZE");
        }
        return new MessageReader(received.buffer, length);
    }

    /** A fresh socket, so that nothing of the broken conversation is taken for an answer to the next. */
    private KernelException begunAnew(KernelException why) {
        counts.failed(why.errno());
        try {
            Datagrams fresh = source.open();
            socket.close();
            socket = fresh;
            port = fresh.port();
        } catch (KernelException e) {
            why.addSuppressed(e);
        }
        return why;
    }

    @Override
    public void close() {
        socket.close();
    }
}
