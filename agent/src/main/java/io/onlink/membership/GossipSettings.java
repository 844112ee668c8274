package io.onlink.membership;

import io.onlink.inet.Ipv4;
import io.onlink.peer.Advertisement;
import io.onlink.seal.Keyring;
import java.util.List;

/**
 * Where a node gossips and whom it asks first.
 *
 * @param bind local address of both sockets; 0.0.0.0 binds every address, and the node IP is then what peers are told
 * @param port of UDP and TCP, 1 to 65535
 * @param seeds members to join by, each {@code host:port}, at most {@value #MAX_SEEDS}; this node's own address may be
 *     among them
 * @param self the first advertisement
 * @param keyring the keys to begin with
 * @param remembered peers of an earlier run, where members may be found besides at the seeds
 */
public record GossipSettings(
        Ipv4 bind, int port, List<String> seeds, Advertisement self, Keyring keyring, List<Advertisement> remembered) {
    /** Most seeds. */
    public static final int MAX_SEEDS = 256;

    public GossipSettings {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("gossip port " + port + " is not 1 to 65535");
        }
        if (seeds.size() > MAX_SEEDS) {
            throw new IllegalArgumentException(seeds.size() + " seeds are more than " + MAX_SEEDS);
        }
        seeds = List.copyOf(seeds);
        remembered = List.copyOf(remembered);
        seeds.forEach(SeedName::parse);
    }

    /** Of a run that remembers none. */
    public GossipSettings(Ipv4 bind, int port, List<String> seeds, Advertisement self, Keyring keyring) {
        this(bind, port, seeds, self, keyring, List.of());
    }

    /** The address peers are told to send gossip to. */
    Endpoint endpoint() {
        return new Endpoint(bind.equals(Ipv4.ANY) ? self.nodeIp() : bind, port, self.boot());
    }
}
