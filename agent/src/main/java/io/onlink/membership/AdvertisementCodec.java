package io.onlink.membership;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.onlink.grant.GrantToken;
import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.peer.Advertisement;
import io.onlink.peer.NodeName;
import io.onlink.proto.v1.Prefix;
import java.util.ArrayList;
import java.util.List;

/** Advertisements to protobuf bytes ({@code onlink/v1/advertisement.proto}) and back, strictly. */
public final class AdvertisementCodec {
    /** Most bytes of one encoded advertisement: 64 subnets and the longest texts take 747, the largest grant 246. */
    public static final int MAX_BYTES = 1024;

    private AdvertisementCodec() {}

    /** The bytes of the advertisement, at most {@value #MAX_BYTES}. */
    public static byte[] encode(Advertisement advertisement) {
        var message = io.onlink.proto.v1.Advertisement.newBuilder()
                .setName(advertisement.name().text())
                .setBootId(advertisement.boot())
                .setGeneration(advertisement.generation())
                .setNodeIp(advertisement.nodeIp().bits())
                .setGossipPort(advertisement.gossipPort())
                .setSeniority(advertisement.seniority())
                .setVersion(advertisement.version());
        if (!advertisement.grant().isNone()) {
            message.setGrant(ByteString.copyFrom(advertisement.grant().bytes()));
        }
        for (Ipv4Prefix subnet : advertisement.subnets()) {
            message.addSubnets(
                    Prefix.newBuilder().setAddress(subnet.base().bits()).setLength(subnet.length()));
        }
        return message.build().toByteArray();
    }

    /**
     * The advertisement in the bytes.
     *
     * @throws MalformedAdvertisementException with the reason, if they break a rule of the message
     */
    public static Advertisement decode(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            throw new MalformedAdvertisementException(bytes.length + " bytes are more than " + MAX_BYTES);
        }
        try {
            return checked(io.onlink.proto.v1.Advertisement.parseFrom(bytes));
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedAdvertisementException("not a protobuf message: " + e.getMessage());
        } catch (MalformedAdvertisementException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new MalformedAdvertisementException(String.valueOf(e.getMessage()));
        }
    }

    private static Advertisement checked(io.onlink.proto.v1.Advertisement message) {
        if (message.getSubnetsCount() > Advertisement.MAX_SUBNETS) {
            throw new MalformedAdvertisementException(
                    message.getSubnetsCount() + " subnets are more than " + Advertisement.MAX_SUBNETS);
        }
        List<Ipv4Prefix> subnets = new ArrayList<>();
        for (Prefix prefix : message.getSubnetsList()) {
            Ipv4Prefix subnet = new Ipv4Prefix(new Ipv4(prefix.getAddress()), prefix.getLength());
            if (!subnets.isEmpty() && subnets.get(subnets.size() - 1).compareTo(subnet) >= 0) {
                throw new MalformedAdvertisementException("subnets are not in ascending order at " + subnet);
            }
            subnets.add(subnet);
        }
        return new Advertisement(
                new NodeName(message.getName()),
                message.getBootId(),
                message.getGeneration(),
                new Ipv4(message.getNodeIp()),
                message.getGossipPort(),
                subnets,
                message.getSeniority(),
                message.getVersion(),
                GrantToken.of(message.getGrant().toByteArray()));
    }
}
