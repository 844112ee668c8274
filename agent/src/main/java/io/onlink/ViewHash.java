package io.onlink;

import io.onlink.peer.Advertisement;
import io.onlink.peer.Peer;
import io.onlink.peer.PeerView;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** One number for the nodes and subnets a node believes in, itself included: equal on nodes that believe the same. */
final class ViewHash {
    private ViewHash() {}

    /** The first 8 bytes of SHA-256 over one line for each node, by name. */
    static long of(Advertisement self, PeerView view) {
        List<Peer> all = new ArrayList<>(view.peers());
        all.add(new Peer(self.name(), self.nodeIp(), self.subnets()));
        all.sort(Comparator.comparing(Peer::name));
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Peer peer : all) {
                String line = peer.name() + " " + peer.nodeIp() + " " + peer.subnets() + "\n";
                digest.update(line.getBytes(StandardCharsets.US_ASCII));
            }
            return ByteBuffer.wrap(digest.digest()).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
