package io.onlink.attack;

import com.google.protobuf.ByteString;
import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.membership.AdvertisementCodec;
import io.onlink.peer.Advertisement;
import io.onlink.peer.NodeName;
import io.onlink.proto.v1.Contact;
import io.onlink.proto.v1.Gossip;
import io.onlink.proto.v1.Member;
import io.onlink.proto.v1.News;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The three attacks on a membership, as texts of packets that a member would understand. */
final class Lies {
    private static final byte MEMBERSHIP = 6;

    private Lies() {}

    /** What is said of host 2, whose run is this one, and of one that does not exist. */
    static Map<String, byte[]> all(long boot) {
        Map<String, byte[]> lies = new LinkedHashMap<>();
        Member added = member(3, 0xbad)
                .setPayload(claim("ghost", 3, 0xbad, "0.0.0.0/0"))
                .build();
        lies.put("a member with 0.0.0.0/0", text(added));
        Member.Builder rewritten = member(2, boot).setPayload(claim("h2", 2, boot, "0.0.0.0/1", "128.0.0.0/1"));
        lies.put("other subnets of h2", text(rewritten.setIncarnation(7).build()));
        for (Member.State state : List.of(Member.State.DEAD, Member.State.LEFT, Member.State.SUSPECT)) {
            for (long incarnation : List.of(0L, 7L, 1L << 48, Long.MAX_VALUE, -1L)) {
                Member gone = member(2, boot)
                        .setState(state)
                        .setIncarnation(incarnation)
                        .build();
                lies.put("h2 is " + state.name() + " at " + incarnation, text(gone));
                lies.put(
                        "h2 is " + state.name() + " at " + incarnation + " in brief",
                        text(gone.toBuilder().clearProof().build()));
            }
        }
        return lies;
    }

    private static Member.Builder member(int host, long boot) {
        return Member.newBuilder()
                .setContact(Contact.newBuilder()
                        .setIp(Ipv4.parse("172.31.7." + host).bits())
                        .setPort(5114)
                        .setBoot(boot))
                .setIncarnation(1)
                .setProof(ByteString.copyFrom(new byte[16]));
    }

    private static ByteString claim(String name, int host, long boot, String... subnets) {
        List<Ipv4Prefix> prefixes =
                List.of(subnets).stream().map(Ipv4Prefix::parse).toList();
        return ByteString.copyFrom(AdvertisementCodec.encode(new Advertisement(
                new NodeName(name), boot, 99, Ipv4.parse("172.31.7." + host), 5114, prefixes, 1, "0.1.0")));
    }

    private static byte[] text(Member member) {
        byte[] gossip = Gossip.newBuilder()
                .setNews(News.newBuilder().addNews(member))
                .build()
                .toByteArray();
        byte[] text = new byte[1 + gossip.length];
        text[0] = MEMBERSHIP;
        System.arraycopy(gossip, 0, text, 1, gossip.length);
        return text;
    }
}
