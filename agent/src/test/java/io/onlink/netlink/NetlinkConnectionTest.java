package io.onlink.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onlink.inet.Ipv4;
import io.onlink.route.KernelException;
import io.onlink.route.Nexthop;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a kernel could answer but hardly does when asked to. */
class NetlinkConnectionTest {
    private static final int PORT = 4711;
    private static final int MULTI = 2;

    /** Messages in a datagram, each made an answer once it is written. */
    private static final class Reply {
        final MessageWriter writer;
        private final ByteBuffer buffer;
        private int start;

        Reply(ByteBuffer buffer) {
            this.buffer = buffer;
            this.writer = new MessageWriter(buffer);
        }

        void answer(int sequence, int port) {
            buffer.putInt(start + 8, sequence);
            buffer.putInt(start + 12, port);
            start = writer.length();
        }
    }

    /** A kernel that gives the answers put in; with none left it is silent until the timeout. */
    private static final class Script implements Datagrams {
        final Deque<Answer> answers = new ArrayDeque<>();
        int opened;
        int requests;
        private int sequence;

        /** Writes an answer to the request of that sequence number, and gives its length or negated errno. */
        interface Answer {
            int write(Reply to, int sequence);
        }

        Script open() {
            opened++;
            return this;
        }

        @Override
        public int port() {
            return PORT;
        }

        @Override
        public void send(LibC.Block message, int length) {
            requests++;
            sequence = message.buffer.getInt(8);
        }

        @Override
        public int receive(LibC.Block into, int flags) {
            ByteBuffer buffer = into.buffer.order(ByteOrder.nativeOrder());
            return answers.isEmpty() ? -Errno.EAGAIN : answers.remove().write(new Reply(buffer), sequence);
        }

        @Override
        public void close() {}
    }

    private final Script kernel = new Script();
    private final NetlinkConnection connection;

    NetlinkConnectionTest() throws KernelException {
        connection = new NetlinkConnection(kernel::open);
    }

    private static Script.Answer with(int flags, long... ids) {
        return (to, sequence) -> {
            for (long id : ids) {
                NexthopMessage.write(to.writer, flags, new Nexthop(id, Ipv4.parse("172.16.0.2"), true), 3);
                to.answer(sequence, PORT);
            }
            return to.writer.length();
        };
    }

    private static Script.Answer done(int error) {
        return (to, sequence) -> {
            to.writer.start(Uapi.NLMSG_DONE, MULTI).number(error);
            to.answer(sequence, PORT);
            return to.writer.length();
        };
    }

    private static Script.Answer error(int place, int errno) {
        return (to, sequence) -> {
            to.writer.start(Uapi.NLMSG_ERROR, Uapi.NLM_F_CAPPED).number(-errno).octets(16, 0, 0, 0);
            to.writer.number(0).number(0).number(0);
            to.answer(sequence + place, PORT);
            return to.writer.length();
        };
    }

    private List<Long> dump() throws KernelException {
        NexthopMessage.requestDump(connection.request());
        return connection
                .dump(
                        Uapi.RTM_NEWNEXTHOP,
                        message -> NexthopMessage.decode(message).id())
                .values();
    }

    @Test
    void aDumpIsAllItsDatagrams() throws Exception {
        kernel.answers.addAll(List.of(with(MULTI, 1, 2), with(MULTI, 3), done(0)));
        assertThat(dump()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void anInterruptedDumpIsAskedForAgain() throws Exception {
        kernel.answers.addAll(List.of(with(MULTI, 1), with(MULTI | Uapi.NLM_F_DUMP_INTR, 2), done(0)));
        kernel.answers.addAll(List.of(with(MULTI, 4, 5), done(0)));
        assertThat(dump()).containsExactly(4L, 5L);
        assertThat(kernel.requests).isEqualTo(2);
    }

    @Test
    void aDumpInterruptedEachTimeIsNone() {
        for (int i = 0; i < 5; i++) {
            kernel.answers.addAll(List.of(with(MULTI | Uapi.NLM_F_DUMP_INTR, 1), done(0)));
        }
        assertThatThrownBy(this::dump)
                .isInstanceOf(KernelException.class)
                .hasMessage("the kernel's tables changed during each of 5 dumps; the next pass tries again");
        assertThat(kernel.requests).isEqualTo(5);
    }

    @Test
    void aDumpWithoutItsEndIsNoneAndTheNextBeginsAnew() throws Exception {
        kernel.answers.add(with(MULTI, 1, 2));
        assertThatThrownBy(this::dump)
                .isInstanceOf(KernelException.class)
                .hasMessage("cannot read the kernel's answer: EAGAIN, the kernel did not answer in time");
        assertThat(kernel.opened).isEqualTo(2);

        kernel.answers.addAll(List.of(with(MULTI, 3), done(0)));
        assertThat(dump()).containsExactly(3L);
    }

    @Test
    void aLostDatagramIsNoDump() {
        kernel.answers.addAll(List.of(with(MULTI, 1), (to, sequence) -> -Errno.ENOBUFS, done(0)));
        assertThatThrownBy(this::dump)
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.errno()).isEqualTo("ENOBUFS"));
    }

    @Test
    void aCutDatagramIsNoDump() {
        kernel.answers.addAll(List.of((to, sequence) -> 70_000, done(0)));
        assertThatThrownBy(this::dump).hasMessage("the kernel's answer of 70000 octets was cut");
    }

    @Test
    void aMessageOfAnotherTypeIsNoDump() {
        kernel.answers.addAll(List.of(
                (to, sequence) -> {
                    to.writer.start(Uapi.RTM_NEWLINK, MULTI);
                    to.answer(sequence, PORT);
                    return to.writer.length();
                },
                done(0)));
        assertThatThrownBy(this::dump).hasMessage("a netlink dump cannot be read: message type 16 instead of 104");
    }

    @Test
    void answersToEarlierRequestsAndToOthersArePassedOver() throws Exception {
        kernel.answers.add((to, sequence) -> with(MULTI, 1).write(to, sequence - 1));
        kernel.answers.add((to, sequence) -> done(0).write(to, sequence - 1));
        kernel.answers.add((to, sequence) -> {
            NexthopMessage.write(to.writer, MULTI, new Nexthop(9, Ipv4.parse("172.16.0.2"), true), 3);
            to.answer(sequence, PORT + 1);
            return to.writer.length();
        });
        kernel.answers.addAll(List.of(with(MULTI, 2), done(0)));
        assertThat(dump()).containsExactly(2L);
    }

    @Test
    void aDumpThatEndsInAnErrorIsRefused() throws Exception {
        kernel.answers.addAll(List.of(with(MULTI, 1), done(-Errno.ENOENT)));
        NexthopMessage.requestDump(connection.request());
        NetlinkConnection.Answer<Long> answer = connection.dump(
                Uapi.RTM_NEWNEXTHOP, message -> NexthopMessage.decode(message).id());
        assertThat(answer.values()).isEmpty();
        assertThat(answer.refusal()).isEqualTo(new Refusal(Errno.ENOENT, ""));
    }

    @Test
    void refusalsAreToldByTheirPlaceUpToTheFence() throws Exception {
        MessageWriter writer = connection.request();
        for (int i = 1; i <= 3; i++) {
            NexthopMessage.writeDelete(writer, i);
        }
        kernel.answers.addAll(List.of(error(1, Errno.ENOENT), error(2, 0)));
        assertThat(connection.exchange(message -> null)).isEqualTo(Map.of(1, new Refusal(Errno.ENOENT, "")));
    }

    @Test
    void anExchangeWithoutItsFenceIsBroken() {
        NexthopMessage.writeDelete(connection.request(), 1);
        assertThatThrownBy(() -> connection.exchange(message -> null)).isInstanceOf(KernelException.class);
    }
}
