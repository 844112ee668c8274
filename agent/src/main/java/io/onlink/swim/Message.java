package io.onlink.swim;

import java.util.List;

/** What members send one another: one way each, an answer is a message of its own. */
public sealed interface Message {
    /** Most members in one message. */
    int MAX_MEMBERS = 4096;

    /** The kinds there are, in the order of their records here. */
    enum Kind {
        PING,
        ACK,
        NACK,
        PING_REQUEST,
        NEWS,
        DIGEST,
        RECORDS
    }

    /** Which kind it is. */
    Kind kind();

    /**
     * Asks for an {@link Ack}.
     *
     * @param seq pairs the answer with the question
     * @param news rumours, passed on by the way
     */
    record Ping(int seq, List<Member> news) implements Message {
        public Ping {
            news = List.copyOf(news);
        }

        @Override
        public Kind kind() {
            return Kind.PING;
        }
    }

    /**
     * The answer to a ping, given by the member itself or by the one that pinged it for us.
     *
     * @param view hash of all that the sender holds: if it is ours, we hold the same
     */
    record Ack(int seq, long view, List<Member> news) implements Message {
        public Ack {
            news = List.copyOf(news);
        }

        @Override
        public Kind kind() {
            return Kind.ACK;
        }
    }

    /**
     * Says that the target of a {@link PingRequest} has not answered so far, but that we
     * live: one who asks in vain and hears of nobody is cut off itself.
     */
    record Nack(int seq) implements Message {
        @Override
        public Kind kind() {
            return Kind.NACK;
        }
    }

    /** Asks to ping another and to pass its answer on. */
    record PingRequest(int seq, Contact target) implements Message {
        @Override
        public Kind kind() {
            return Kind.PING_REQUEST;
        }
    }

    /** Rumours. */
    record News(List<Member> news) implements Message {
        public News {
            news = List.copyOf(news);
        }

        @Override
        public Kind kind() {
            return Kind.NEWS;
        }
    }

    /**
     * Introduces the sender and says what it holds; answered by {@link Records}. Opens a door, too: it may be sent to
     * a place where somebody unknown may be.
     *
     * @param self the sender's own record
     * @param buckets which of the {@value View#BUCKETS} parts of the view hold anybody, a bit each
     * @param hashes of those parts, in ascending order
     */
    record Digest(Member self, long buckets, List<Long> hashes) implements Message {
        public Digest {
            hashes = List.copyOf(hashes);
            if (hashes.size() != Long.bitCount(buckets)) {
                throw new IllegalArgumentException(
                        hashes.size() + " hashes for " + Long.bitCount(buckets) + " parts of the view");
            }
        }

        @Override
        public Kind kind() {
            return Kind.DIGEST;
        }
    }

    /**
     * All that the sender holds in some parts of its view, tombstones too.
     *
     * @param buckets the parts, a bit each
     * @param more whether other parts follow
     * @param ask whether the receiver shall send what it holds there and the sender does not
     * @param partial whether the sender has not been given a whole view itself yet
     */
    record Records(long buckets, boolean more, boolean ask, List<Member> members, boolean partial) implements Message {
        public Records {
            members = List.copyOf(members);
        }

        /** Of one that knows all there are. */
        public Records(long buckets, boolean more, boolean ask, List<Member> members) {
            this(buckets, more, ask, members, false);
        }

        @Override
        public Kind kind() {
            return Kind.RECORDS;
        }
    }
}
