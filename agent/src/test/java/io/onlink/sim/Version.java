package io.onlink.sim;

import com.google.protobuf.InvalidProtocolBufferException;
import io.onlink.membership.AdvertisementCodec;
import io.onlink.peer.Advertisement;
import java.io.ByteArrayOutputStream;
import java.util.SplittableRandom;

/** Versions of the agent that speak with one another while a mesh is upgraded. */
enum Version {
    /** Knows no seniority, no grant, and not its own version. */
    EARLIER,
    /** This one. */
    NOW,
    /** Says things that this one does not know: field 200, a number, and field 201, three octets. */
    LATER;

    private static final byte[] UNKNOWN = {(byte) 0xc0, 0x0c, 42, (byte) 0xca, 0x0c, 3, 'n', 'e', 'w'};

    /** Mostly this one. */
    static Version any(SplittableRandom random) {
        int roll = random.nextInt(8);
        return roll == 0 ? EARLIER : roll == 1 ? LATER : NOW;
    }

    /** Whether its claims have a rank. */
    boolean ranks() {
        return this != EARLIER;
    }

    /** What the node says of itself, as such an agent writes it. */
    byte[] write(Advertisement self) {
        byte[] bytes = AdvertisementCodec.encode(self);
        if (this == LATER) {
            ByteArrayOutputStream later = new ByteArrayOutputStream();
            later.writeBytes(bytes);
            later.writeBytes(UNKNOWN);
            return later.toByteArray();
        }
        return this == EARLIER ? without(bytes) : bytes;
    }

    private static byte[] without(byte[] bytes) {
        try {
            return io.onlink.proto.v1.Advertisement.parseFrom(bytes).toBuilder()
                    .clearSeniority()
                    .clearGrant()
                    .clearVersion()
                    .build()
                    .toByteArray();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }
}
