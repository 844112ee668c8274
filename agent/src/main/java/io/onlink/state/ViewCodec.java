package io.onlink.state;

import io.onlink.membership.AdvertisementCodec;
import io.onlink.membership.MalformedAdvertisementException;
import io.onlink.peer.Advertisement;
import io.onlink.peer.PeerView;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A view as bytes: a line that names the format, the number of peers, each one's advertisement as it is gossiped with its
 * length before it, and a CRC-32C of all that. Numbers are in network order.
 */
final class ViewCodec {
    /** Most peers: as many as are believed in. */
    static final int MAX_PEERS = PeerView.MAX_MEMBERS;

    private static final byte[] HEAD = "onlink view 1\n".getBytes(StandardCharsets.US_ASCII);

    /** Longest file, in bytes: a file of the most peers with the longest advertisements. */
    static final int MAX_BYTES =
            HEAD.length + 2 * Integer.BYTES + MAX_PEERS * (Short.BYTES + AdvertisementCodec.MAX_BYTES);

    private ViewCodec() {}

    /** The bytes of the view; of more than {@value #MAX_PEERS} peers the first. */
    static byte[] encode(List<Advertisement> peers) {
        List<byte[]> all =
                peers.stream().limit(MAX_PEERS).map(AdvertisementCodec::encode).toList();
        int length = all.stream().mapToInt(bytes -> Short.BYTES + bytes.length).sum();
        ByteBuffer buffer = ByteBuffer.allocate(HEAD.length + 2 * Integer.BYTES + length);
        buffer.put(HEAD).putInt(all.size());
        all.forEach(bytes -> buffer.putShort((short) bytes.length).put(bytes));
        return buffer.putInt(sum(buffer.array(), buffer.position())).array();
    }

    /**
     * The peers in the bytes.
     *
     * @throws IllegalArgumentException with what is wrong, if they are not exactly what {@link #encode} made of peers
     */
    static List<Advertisement> decode(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        for (byte expected : HEAD) {
            if (!buffer.hasRemaining() || buffer.get() != expected) {
                throw new IllegalArgumentException("it does not begin with \"onlink view 1\"");
            }
        }
        try {
            int body = bytes.length - Integer.BYTES;
            if (body < buffer.position() || buffer.getInt(body) != sum(bytes, body)) {
                throw new IllegalArgumentException("it is torn: its checksum is not that of its content");
            }
            int count = buffer.getInt();
            if (count < 0 || count > MAX_PEERS) {
                throw new IllegalArgumentException(count + " peers are not 0 to " + MAX_PEERS);
            }
            List<Advertisement> peers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                byte[] one = new byte[Math.min(Short.toUnsignedInt(buffer.getShort()), buffer.remaining())];
                buffer.get(one);
                peers.add(AdvertisementCodec.decode(one));
            }
            if (buffer.position() != body) {
                throw new IllegalArgumentException("its length is not that of its peers");
            }
            return peers;
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("it is shorter than it says", e);
        } catch (MalformedAdvertisementException e) {
            throw new IllegalArgumentException("a peer in it cannot be read: " + e.getMessage(), e);
        }
    }

    private static int sum(byte[] bytes, int length) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, 0, length);
        return (int) sum.getValue();
    }
}
