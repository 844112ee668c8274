package io.onlink.membership;

import com.google.protobuf.ByteString;
import io.onlink.inet.Ipv4;
import io.onlink.proto.v1.Ack;
import io.onlink.proto.v1.Digest;
import io.onlink.proto.v1.Nack;
import io.onlink.proto.v1.News;
import io.onlink.proto.v1.Ping;
import io.onlink.proto.v1.PingRequest;
import io.onlink.proto.v1.Records;
import io.onlink.swim.Bytes;
import io.onlink.swim.Contact;
import io.onlink.swim.Member;
import io.onlink.swim.Message;
import io.onlink.swim.State;
import java.io.IOException;
import java.util.List;

/** Messages of the membership protocol to protobuf bytes ({@code onlink/v1/gossip.proto}) and back, strictly. */
final class GossipCodec {
    private final boolean loopback;

    /** One that reads contacts on loopback too, or refuses them as places no other host can mean. */
    GossipCodec(boolean loopback) {
        this.loopback = loopback;
    }

    static byte[] encode(Message message) {
        var out = io.onlink.proto.v1.Gossip.newBuilder();
        if (message instanceof Message.Ping ping) {
            out.setPing(Ping.newBuilder().setSeq(ping.seq()).addAllNews(all(ping.news())));
        } else if (message instanceof Message.Ack ack) {
            out.setAck(Ack.newBuilder().setSeq(ack.seq()).setView(ack.view()).addAllNews(all(ack.news())));
        } else if (message instanceof Message.Nack nack) {
            out.setNack(Nack.newBuilder().setSeq(nack.seq()));
        } else if (message instanceof Message.PingRequest request) {
            out.setPingRequest(PingRequest.newBuilder().setSeq(request.seq()).setTarget(contact(request.target())));
        } else if (message instanceof Message.News news) {
            out.setNews(News.newBuilder().addAllNews(all(news.news())));
        } else if (message instanceof Message.Digest digest) {
            out.setDigest(Digest.newBuilder()
                    .setSelf(member(digest.self()))
                    .setBuckets(digest.buckets())
                    .addAllHashes(digest.hashes()));
        } else if (message instanceof Message.Records records) {
            out.setRecords(Records.newBuilder()
                    .setBuckets(records.buckets())
                    .setMore(records.more())
                    .setAsk(records.ask())
                    .setPartial(records.partial())
                    .addAllMembers(all(records.members())));
        }
        return out.build().toByteArray();
    }

    private static List<io.onlink.proto.v1.Member> all(List<Member> members) {
        return members.stream().map(GossipCodec::member).toList();
    }

    private static io.onlink.proto.v1.Member member(Member member) {
        return io.onlink.proto.v1.Member.newBuilder()
                .setContact(contact(member.contact()))
                .setIncarnation(member.incarnation())
                .setState(state(member.state()))
                .setPayload(ByteString.copyFrom(member.payload().toArray()))
                .setProof(ByteString.copyFrom(member.proof().toArray()))
                .addAllAccusers(member.accusers())
                .build();
    }

    private static io.onlink.proto.v1.Contact contact(Contact contact) {
        return io.onlink.proto.v1.Contact.newBuilder()
                .setIp(contact.ip().bits())
                .setPort(contact.port())
                .setBoot(contact.boot())
                .build();
    }

    /** The message in the bytes; they are at most a frame long. */
    Message decode(byte[] bytes) throws MalformedGossipException {
        try {
            GossipCensus.check(bytes);
            return message(io.onlink.proto.v1.Gossip.parseFrom(bytes));
        } catch (IOException e) {
            throw new MalformedGossipException("not a protobuf message: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new MalformedGossipException(String.valueOf(e.getMessage()));
        }
    }

    private Message message(io.onlink.proto.v1.Gossip gossip) {
        return switch (gossip.getBodyCase()) {
            case PING -> ping(gossip.getPing());
            case ACK -> ack(gossip.getAck());
            case NACK -> new Message.Nack(gossip.getNack().getSeq());
            case PING_REQUEST -> request(gossip.getPingRequest());
            case NEWS -> new Message.News(members(gossip.getNews().getNewsList()));
            case DIGEST -> digest(gossip.getDigest());
            case RECORDS -> records(gossip.getRecords());
            case BODY_NOT_SET -> throw new IllegalArgumentException("no message of this version");
        };
    }

    private Message ping(Ping ping) {
        return new Message.Ping(ping.getSeq(), members(ping.getNewsList()));
    }

    private Message ack(Ack ack) {
        return new Message.Ack(ack.getSeq(), ack.getView(), members(ack.getNewsList()));
    }

    private Message request(PingRequest request) {
        return new Message.PingRequest(request.getSeq(), contact(request.getTarget()));
    }

    private Message digest(Digest digest) {
        return new Message.Digest(member(digest.getSelf()), digest.getBuckets(), digest.getHashesList());
    }

    private Message records(Records records) {
        return new Message.Records(
                records.getBuckets(),
                records.getMore(),
                records.getAsk(),
                members(records.getMembersList()),
                records.getPartial());
    }

    private List<Member> members(List<io.onlink.proto.v1.Member> members) {
        if (members.size() > Message.MAX_MEMBERS) {
            throw new IllegalArgumentException(members.size() + " members are more than " + Message.MAX_MEMBERS);
        }
        return members.stream().map(this::member).toList();
    }

    private Member member(io.onlink.proto.v1.Member member) {
        return new Member(
                contact(member.getContact()),
                member.getIncarnation(),
                state(member),
                bytes(member.getPayload(), Member.MAX_PAYLOAD),
                bytes(member.getProof(), Bytes.TOKEN_LENGTH),
                accusers(member.getAccusersList()));
    }

    private static io.onlink.proto.v1.Member.State state(State state) {
        return switch (state) {
            case ALIVE -> io.onlink.proto.v1.Member.State.ALIVE;
            case SUSPECT -> io.onlink.proto.v1.Member.State.SUSPECT;
            case DEAD -> io.onlink.proto.v1.Member.State.DEAD;
            case LEFT -> io.onlink.proto.v1.Member.State.LEFT;
        };
    }

    private static State state(io.onlink.proto.v1.Member member) {
        return switch (member.getState()) {
            case ALIVE -> State.ALIVE;
            case SUSPECT -> State.SUSPECT;
            case DEAD -> State.DEAD;
            case LEFT -> State.LEFT;
            case UNRECOGNIZED -> throw new IllegalArgumentException("state " + member.getStateValue() + " is unknown");
        };
    }

    private static List<Long> accusers(List<Long> accusers) {
        if (accusers.size() > Member.MAX_ACCUSERS) {
            throw new IllegalArgumentException(accusers.size() + " accusers are more than " + Member.MAX_ACCUSERS);
        }
        return accusers;
    }

    private static Bytes bytes(ByteString bytes, int most) {
        if (bytes.size() > most) {
            throw new IllegalArgumentException(bytes.size() + " bytes are more than " + most);
        }
        return Bytes.of(bytes.toByteArray());
    }

    private Contact contact(io.onlink.proto.v1.Contact contact) {
        Ipv4 ip = new Ipv4(contact.getIp());
        boolean place = ip.isUnicast() || (loopback && ip.isLoopback());
        if (!place || contact.getPort() < 1 || contact.getPort() > 65535 || contact.getBoot() == 0) {
            throw new IllegalArgumentException("no member is at " + ip + ":" + contact.getPort());
        }
        return new Contact(ip, contact.getPort(), contact.getBoot());
    }
}
