package io.onlink.membership;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.onlink.swim.Member;
import io.onlink.swim.Message;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Counts what a message of {@code onlink/v1/gossip.proto} would be built of, before anything is: a member that takes four
 * bytes of a frame takes two hundred of memory, so that one frame full of them would be the end of a small heap.
 */
final class GossipCensus {
    /** Most fields of later versions in one message: four for each of as many members as there may be. */
    static final int MAX_UNKNOWN = 4 * Message.MAX_MEMBERS;

    /** Most numbers in lists: the accusers of as many members as there may be, and the 64 hashes of a digest. */
    static final int MAX_LISTED = Member.MAX_ACCUSERS * Message.MAX_MEMBERS + Long.SIZE;

    /**
     * The messages, and what the fields of each are, in the order of their numbers: a 4 or 8 is a number of so many
     * bytes, v one of variable length, b bytes, * a list of 8-byte numbers, c a contact, m a member, and a B, of the
     * outermost alone, the message of that ordinal.
     */
    private enum Shape {
        GOSSIP("BBBBBBB"),
        PING("4m"),
        ACK("48m"),
        NACK("4"),
        PING_REQUEST("4c"),
        NEWS("m"),
        DIGEST("m8*"),
        RECORDS("8vvmv"),
        CONTACT("4v8"),
        MEMBER("cvvbb*");

        private final String fields;

        Shape(String fields) {
            this.fields = fields;
        }

        /** What the field with this tag is: blank if it is none of this version's. */
        char kind(int tag) {
            int number = WireFormat.getTagFieldNumber(tag);
            char kind = number > fields.length() ? ' ' : fields.charAt(number - 1);
            int wire = WireFormat.getTagWireType(tag);
            boolean fits = switch (kind) {
                case '4' -> wire == WireFormat.WIRETYPE_FIXED32;
                case '8' -> wire == WireFormat.WIRETYPE_FIXED64;
                case 'v' -> wire == WireFormat.WIRETYPE_VARINT;
                case '*' -> wire == WireFormat.WIRETYPE_FIXED64 || wire == WireFormat.WIRETYPE_LENGTH_DELIMITED;
                default -> wire == WireFormat.WIRETYPE_LENGTH_DELIMITED;
            };
            return fits ? kind : ' ';
        }

        /** The message in a field of this kind, or null if there is none. */
        static @Nullable Shape within(char kind, int tag) {
            return switch (kind) {
                case 'B' -> values()[WireFormat.getTagFieldNumber(tag)];
                case 'c' -> CONTACT;
                case 'm' -> MEMBER;
                default -> null;
            };
        }
    }

    private final CodedInputStream in;
    private int bodies;
    private int members;
    private int listed;
    private int unknown;

    private GossipCensus(byte[] bytes) {
        this.in = CodedInputStream.newInstance(bytes);
    }

    /**
     * Refuses bytes of which more would be built than any member sends.
     *
     * @return how many fields of later versions they hold
     * @throws IllegalArgumentException if a limit is exceeded, with which
     * @throws IOException if the bytes are no protobuf message
     */
    static int check(byte[] bytes) throws IOException {
        GossipCensus census = new GossipCensus(bytes);
        census.message(Shape.GOSSIP);
        return census.unknown;
    }

    private void message(Shape shape) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            char kind = shape.kind(tag);
            count(kind, tag);
            Shape within = Shape.within(kind, tag);
            if (within != null) {
                int outer = in.pushLimit(in.readRawVarint32());
                message(within);
                in.popLimit(outer);
            } else if (kind == '*' && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                int length = in.readRawVarint32();
                listed += length / Long.BYTES;
                atMost(listed, MAX_LISTED, "listed numbers");
                in.skipRawBytes(length);
            } else {
                in.skipField(tag);
            }
        }
    }

    private void count(char kind, int tag) {
        switch (kind) {
            case 'B' -> atMost(++bodies, 1, "messages in one frame");
            case 'm' -> atMost(++members, Message.MAX_MEMBERS, "members");
            case '*' -> {
                boolean one = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_FIXED64;
                atMost(listed += one ? 1 : 0, MAX_LISTED, "listed numbers");
            }
            case ' ' -> unknownField(tag);
            default -> {
                // nothing of it outlasts the next of its kind
            }
        }
    }

    /** Groups can nest and no version has any. */
    private void unknownField(int tag) {
        int wire = WireFormat.getTagWireType(tag);
        if (wire == WireFormat.WIRETYPE_START_GROUP || wire == WireFormat.WIRETYPE_END_GROUP) {
            throw new IllegalArgumentException("no message of any version has groups");
        }
        atMost(++unknown, MAX_UNKNOWN, "unknown fields");
    }

    private static void atMost(int count, int most, String what) {
        if (count > most) {
            throw new IllegalArgumentException(count + " " + what + " are more than " + most);
        }
    }
}
