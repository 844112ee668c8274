package io.onlink.membership;

import io.atomix.cluster.BootstrapService;
import io.atomix.cluster.Member;
import io.atomix.cluster.MemberId;
import io.atomix.cluster.discovery.NodeDiscoveryService;
import io.atomix.cluster.protocol.GroupMembershipEvent;
import io.atomix.cluster.protocol.GroupMembershipEventListener;
import io.atomix.cluster.protocol.GroupMembershipProtocol;
import io.atomix.cluster.protocol.GroupMembershipProtocolConfig;
import io.atomix.utils.event.AbstractListenerManager;
import io.netty.util.concurrent.ScheduledFuture;
import io.onlink.seal.PacketRefusal;
import io.onlink.swim.Bytes;
import io.onlink.swim.Contact;
import io.onlink.swim.Counts;
import io.onlink.swim.Message;
import io.onlink.swim.Send;
import io.onlink.swim.Swim;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link Swim} as the protocol of Atomix's membership: drives it on the transport's event loop, and shows its members.
 */
final class GossipProtocol extends AbstractListenerManager<GroupMembershipEvent, GroupMembershipEventListener>
        implements GroupMembershipProtocol {
    /** A burst of changes is shown as one, this many milliseconds after its first. */
    private static final int FOLD_MILLIS = 5;

    private static final Logger LOG = LoggerFactory.getLogger(GossipProtocol.class);

    /** What is known, as one value: the members but the local one, who has left, whether that is all. */
    record Known(Map<MemberId, GossipMember> members, Set<Long> departed, boolean complete) {
        Known {
            members = Map.copyOf(members);
            departed = Set.copyOf(departed);
        }
    }

    private final Transport transport;
    private final GossipCodec codec;
    private final Runnable changed;
    private volatile @Nullable Member local;
    private volatile Known known = new Known(Map.of(), Set.of(), false);

    /** The rest is of the event loop. */
    private final Swim swim;

    private @Nullable ScheduledFuture<?> alarm;
    private long alarmAt;
    private long shownVersion;
    private boolean showing;

    /** When the first of the changes that are shown next, or were shown last, came in. */
    private long eventAt = System.nanoTime();

    /** A protocol that calls {@code changed}, on the event loop, after what is known has changed. */
    GossipProtocol(Transport transport, Endpoint self, byte[] payload, Runnable changed) {
        this.transport = transport;
        this.codec = new GossipCodec(self.ip().isLoopback());
        this.changed = changed;
        SecureRandom secret = new SecureRandom();
        byte[] token = new byte[Bytes.TOKEN_LENGTH];
        secret.nextBytes(token);
        this.swim = new Swim(
                System.nanoTime(),
                new Contact(self.ip(), self.port(), self.boot()),
                Bytes.of(payload),
                Bytes.of(token),
                new SplittableRandom(secret.nextLong()));
        this.shownVersion = swim.version();
    }

    @Override
    public CompletableFuture<Void> join(BootstrapService sockets, NodeDiscoveryService seeds, Member self) {
        local = self;
        seeds.addListener(event -> knock(seeds));
        knock(seeds);
        return CompletableFuture.completedFuture(null);
    }

    private void knock(NodeDiscoveryService seeds) {
        List<Contact> places = seeds.getNodes().stream()
                .map(node -> Endpoint.of(node.address()))
                .filter(Objects::nonNull)
                .map(Endpoint::contact)
                .toList();
        drive(now -> swim.seeds(now, places));
    }

    /** Takes a frame in, on the event loop. */
    void take(Frame frame) {
        Endpoint source = frame.source;
        if (source == null) {
            return;
        }
        try {
            Message message = codec.decode(frame.payload);
            swim.counts().received(message.kind());
            step(now -> swim.receive(now, source.contact(), message));
        } catch (MalformedGossipException e) {
            LOG.debug("{}: {}", source, e.getMessage());
            transport.traffic.refused(PacketRefusal.CONTENT);
        }
    }

    /** There is nobody to ask who the members are. */
    void alone() {
        drive(now -> swim.alone());
    }

    /** Says anew what this node says of itself. */
    void advertise(byte[] payload) {
        drive(now -> swim.advertise(now, Bytes.of(payload)));
    }

    /** Announces that this node leaves; done when that is with the kernel. */
    CompletableFuture<Void> announceLeave() {
        CompletableFuture<Void> sent = new CompletableFuture<>();
        drive(now -> {
            swim.leave(now);
            // Behind the datagrams in the loop's queue: when it runs, they are sent.
            transport.loop().execute(() -> sent.complete(null));
        });
        return sent;
    }

    /** Atomix's word for the end; what is announced is announced by {@link #announceLeave}. */
    @Override
    public CompletableFuture<Void> leave(Member self) {
        return CompletableFuture.completedFuture(null);
    }

    private void drive(LongConsumer input) {
        try {
            transport.loop().execute(() -> step(input));
        } catch (RejectedExecutionException closing) {
            LOG.trace("closing", closing);
        }
    }

    private void step(LongConsumer input) {
        try {
            input.accept(System.nanoTime());
            for (Send send : swim.drain()) {
                byte[] payload = GossipCodec.encode(send.message());
                swim.counts().sent(send.message().kind(), payload.length);
                transport.send(Endpoint.of(send.to()), Frame.oneWay(Subject.MEMBERSHIP, payload), lost -> {});
            }
        } catch (RuntimeException e) {
            LOG.error("membership failed at one step; it goes on with the next", e);
        }
        transport.traffic.tally = swim.tally();
        sleep();
        if (!showing && (swim.version() != shownVersion || swim.complete() != known.complete())) {
            showing = true;
            eventAt = System.nanoTime();
            var unused = schedule(this::show, TimeUnit.MILLISECONDS.toNanos(FOLD_MILLIS));
        }
    }

    /** Sets the alarm to when there is something to do. */
    private void sleep() {
        long deadline = swim.deadline();
        if (alarm != null && deadline == alarmAt) {
            return;
        }
        if (alarm != null) {
            alarm.cancel(false);
            alarm = null;
        }
        if (deadline != Long.MAX_VALUE) {
            alarmAt = deadline;
            alarm = schedule(this::wake, Math.max(0, deadline - System.nanoTime()));
        }
    }

    private void wake() {
        alarm = null;
        step(swim::tick);
    }

    private @Nullable ScheduledFuture<?> schedule(Runnable task, long nanos) {
        try {
            return transport.loop().schedule(task, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closing) {
            return null;
        }
    }

    /** Shows what is known now, and tells what has changed. */
    private void show() {
        long settling = swim.settling(System.nanoTime());
        if (settling > 0) {
            var unused = schedule(this::show, settling);
            return;
        }
        showing = false;
        shownVersion = swim.version();
        Map<MemberId, GossipMember> before = known.members();
        Map<MemberId, GossipMember> after = new HashMap<>();
        for (io.onlink.swim.Member member : swim.members()) {
            MemberId id = GossipMember.id(member.boot());
            after.put(id, GossipMember.of(member, before.get(id)));
        }
        known = new Known(after, Set.copyOf(swim.departed()), swim.complete());
        after.forEach((id, member) -> tell(before.get(id), member));
        before.forEach((id, member) -> {
            if (!after.containsKey(id)) {
                post(new GroupMembershipEvent(GroupMembershipEvent.Type.MEMBER_REMOVED, member));
            }
        });
        changed.run();
    }

    private void tell(@Nullable GossipMember before, GossipMember after) {
        if (before == null) {
            post(new GroupMembershipEvent(GroupMembershipEvent.Type.MEMBER_ADDED, after));
            return;
        }
        if (!before.held.payload().equals(after.held.payload())) {
            post(new GroupMembershipEvent(GroupMembershipEvent.Type.METADATA_CHANGED, after));
        }
        if (before.isReachable() != after.isReachable()) {
            post(new GroupMembershipEvent(GroupMembershipEvent.Type.REACHABILITY_CHANGED, after));
        }
    }

    /** When what is known now began to be known, by {@link System#nanoTime}; of the event loop. */
    long eventAt() {
        return eventAt;
    }

    /** How long an answer may take in this mesh, in nanoseconds; of the event loop. */
    long allowance() {
        return swim.allowance();
    }

    /** What the protocol counts. */
    Counts counts() {
        return swim.counts();
    }

    Known known() {
        return known;
    }

    @Override
    public Set<Member> getMembers() {
        Set<Member> members = new LinkedHashSet<>(known.members().values());
        Member self = local;
        if (self != null) {
            members.add(self);
        }
        return members;
    }

    @Override
    public @Nullable Member getMember(MemberId id) {
        Member self = local;
        return self != null && self.id().equals(id) ? self : known.members().get(id);
    }

    /** Nothing is tuned from outside. */
    @Override
    public GroupMembershipProtocolConfig config() {
        throw new UnsupportedOperationException("the protocol has no configuration of Atomix's kind");
    }
}
