package io.onlink.membership;

import io.atomix.cluster.Member;
import io.atomix.cluster.MemberId;
import io.onlink.peer.Advertisement;
import java.net.InetSocketAddress;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** A member as Atomix is shown it, with its advertisement, which is read once. */
final class GossipMember extends Member {
    final io.onlink.swim.Member held;

    /** What it says of itself; null if that cannot be read, for the reason in {@link #malformed}. */
    final @Nullable Advertisement advertisement;

    final String malformed;

    private GossipMember(io.onlink.swim.Member held, @Nullable Advertisement advertisement, String malformed) {
        super(id(held.boot()), Endpoint.of(held.contact()).address(), "", "", "", new Properties());
        this.held = held;
        this.advertisement = advertisement;
        this.malformed = malformed;
    }

    /** That member, after what was shown of it before: the same if nothing has changed, read anew only if it says another. */
    static GossipMember of(io.onlink.swim.Member held, @Nullable GossipMember before) {
        if (before != null && before.held.equals(held)) {
            return before;
        }
        if (before != null
                && before.held.boot() == held.boot()
                && before.held.payload().equals(held.payload())) {
            return new GossipMember(held, before.advertisement, before.malformed);
        }
        return read(held);
    }

    private static GossipMember read(io.onlink.swim.Member held) {
        Advertisement read = null;
        String reason = "";
        try {
            Advertisement said = AdvertisementCodec.decode(held.payload().toArray());
            if (said.boot() == held.boot()) {
                read = said;
            } else {
                reason = "it is that of " + said.name();
            }
        } catch (MalformedAdvertisementException e) {
            reason = String.valueOf(e.getMessage());
        }
        return new GossipMember(held, read, reason);
    }

    /** Where it takes gossip. */
    InetSocketAddress where() {
        return Endpoint.of(held.contact()).socket();
    }

    static MemberId id(long boot) {
        return MemberId.from(Boots.text(boot));
    }

    /** How people are told of it when it has no name: {@code 00c0ffee00c0ffee at 172.16.165.33:5114}. */
    String text() {
        return id().id() + " at " + held.contact().ip() + ":" + held.contact().port();
    }

    @Override
    public boolean isActive() {
        return true;
    }

    @Override
    public boolean isReachable() {
        return held.state() == io.onlink.swim.State.ALIVE;
    }
}
