package io.onlink.membership;

import io.atomix.cluster.Member;
import io.onlink.peer.Advertisement;
import io.onlink.peer.Gossip;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.Set;

/** The members as Atomix holds them, read into one {@link Gossip}. */
final class Snapshot {
    /** The one property of a member. Atomix never forgets a property, so there must not be a second one. */
    static final String PROPERTY = "ad";

    private static final int MAX_MEMBER_TEXT = 128;

    private final List<Advertisement> alive = new ArrayList<>();
    private final List<Gossip.Malformed> malformed = new ArrayList<>();

    private Snapshot() {}

    /** What the members say, without this node and those that have left. */
    static Gossip of(Collection<Member> members, String selfId, Set<Long> left, boolean complete) {
        Snapshot snapshot = new Snapshot();
        for (Member member : members) {
            String id = member.id() == null ? "" : String.valueOf(member.id().id());
            if (!id.equals(selfId)) {
                snapshot.add(id, member.properties(), left);
            }
        }
        snapshot.alive.sort(Comparator.comparing(Advertisement::name).thenComparingLong(Advertisement::boot));
        snapshot.malformed.sort((a, b) -> a.member().compareTo(b.member()));
        return new Gossip(snapshot.alive, left, snapshot.malformed, complete);
    }

    private void add(String id, Properties properties, Set<Long> left) {
        try {
            Advertisement heard = text(properties);
            if (!Boots.memberId(heard.name(), heard.boot()).equals(id)) {
                throw new MalformedAdvertisementException("it is that of " + heard.name());
            }
            if (!left.contains(heard.boot())) {
                alive.add(heard);
            }
        } catch (MalformedAdvertisementException e) {
            malformed.add(new Gossip.Malformed(printable(id), String.valueOf(e.getMessage())));
        }
    }

    private static Advertisement text(Properties properties) {
        String text = properties == null ? null : properties.getProperty(PROPERTY);
        if (text == null || text.chars().anyMatch(c -> c > 255)) {
            throw new MalformedAdvertisementException("no advertisement");
        }
        return AdvertisementCodec.decode(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** An advertisement as the property's text: a character a byte. */
    static String property(Advertisement advertisement) {
        return new String(AdvertisementCodec.encode(advertisement), StandardCharsets.ISO_8859_1);
    }

    private static String printable(String id) {
        return id.substring(0, Math.min(id.length(), MAX_MEMBER_TEXT)).replaceAll("[^\\x21-\\x7e]", "?");
    }
}
