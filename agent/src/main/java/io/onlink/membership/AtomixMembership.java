package io.onlink.membership;

import io.atomix.cluster.BootstrapService;
import io.atomix.cluster.ClusterMembershipEvent;
import io.atomix.cluster.Member;
import io.atomix.cluster.impl.DefaultClusterMembershipService;
import io.atomix.cluster.messaging.BroadcastService;
import io.atomix.cluster.messaging.MessagingService;
import io.atomix.cluster.messaging.UnicastService;
import io.atomix.utils.Version;
import io.onlink.inet.Ipv4;
import io.onlink.peer.Advertisement;
import io.onlink.peer.Gossip;
import io.onlink.seal.Keyring;
import io.onlink.seal.PacketRefusal;
import io.onlink.swim.Counts;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link Membership} by Atomix, with a protocol and sockets of our own. All of it runs on the sockets' event loop. */
public final class AtomixMembership implements Membership {
    private static final Logger LOG = LoggerFactory.getLogger(AtomixMembership.class);

    private final Listener listener;
    private final Traffic traffic = new Traffic();
    final Transport transport;
    private final Seeds seeds;
    private final OldAcquaintance old;
    private final Discovery discovery;
    final GossipProtocol protocol;
    private final DefaultClusterMembershipService cluster;
    private final HostProbes probes;

    /** Of the event loop. */
    private Gossip last = Gossip.NONE;

    public AtomixMembership(GossipSettings settings, Listener listener) {
        Endpoint self = settings.endpoint();
        this.listener = listener;
        this.transport = new Transport(settings, traffic, this::take);
        this.seeds = new Seeds(settings.seeds(), self);
        this.old = new OldAcquaintance(settings.remembered(), self, new SecureRandom());
        this.discovery = new Discovery(seeds, old);
        this.protocol = new GossipProtocol(transport, self, AdvertisementCodec.encode(settings.self()), this::report);
        this.probes = new HostProbes(
                (where, listening) -> HostProbe.ask(transport.loop(), transport::outgoing, where.socket(), listening),
                protocol::allowance,
                System::nanoTime);
        Member local = Member.builder()
                .withId(GossipMember.id(self.boot()))
                .withAddress(self.address())
                .build();
        this.cluster = new DefaultClusterMembershipService(
                local, Version.from("1.0.0"), discovery, new NoServices(), protocol);
    }

    private void take(Frame frame) {
        Endpoint source = frame.source;
        if (frame.subject == Subject.MEMBERSHIP) {
            protocol.take(frame);
        } else if (frame.payload.length != 0) {
            traffic.refused(PacketRefusal.CONTENT);
        } else if (source != null) {
            listener.heardThere(source.boot());
        }
    }

    /** Tells a peer that its probes arrive here through the tunnel, for it hears none of our answers. Any thread. */
    public void heard(Advertisement peer) {
        Endpoint to = new Endpoint(peer.nodeIp(), peer.gossipPort(), peer.boot());
        transport.send(to, Frame.oneWay(Subject.HEARD, new byte[0]), lost -> {});
    }

    /** What Atomix asks of a network when its own protocols are to run on it; ours has the transport. */
    private static final class NoServices implements BootstrapService {
        @Override
        public MessagingService getMessagingService() {
            throw new UnsupportedOperationException("no messages of Atomix's");
        }

        @Override
        public UnicastService getUnicastService() {
            throw new UnsupportedOperationException("no messages of Atomix's");
        }

        @Override
        public BroadcastService getBroadcastService() {
            throw new UnsupportedOperationException("no broadcasts");
        }
    }

    @Override
    public void start() throws MembershipException {
        try {
            transport.open();
        } catch (MembershipException e) {
            close();
            throw e;
        }
        cluster.addListener(this::event);
        cluster.start().join();
        submit(this::resolve);
        submit(this::report);
        if (old.awaited()) {
            var unused = transport.loop().schedule(this::giveUp, OldAcquaintance.PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void giveUp() {
        old.giveUp();
        report();
    }

    @Override
    public void advertise(Advertisement advertisement) {
        protocol.advertise(AdvertisementCodec.encode(advertisement));
    }

    /** Seals and opens with these keys from now on; sessions and members stay. */
    public void keyring(Keyring keyring) {
        transport.keyring(keyring);
    }

    /** What went over the sockets since the start. */
    public GossipCounters counters() {
        return traffic.snapshot();
    }

    /** What the membership protocol counts; any thread may read it. */
    public Counts protocolCounts() {
        return protocol.counts();
    }

    @Override
    public Set<Ipv4> seeds() {
        return seeds.endpoints().stream().map(Endpoint::ip).collect(Collectors.toSet());
    }

    @Override
    public void leave() {
        try {
            protocol.announceLeave().get(1, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("leave not announced to every member within 1 s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Atomix's own stop is left out: it would take leave of messaging services that there are none of. */
    @Override
    public void close() {
        seeds.close();
        transport.close();
    }

    /** A member that is suspected will perhaps be found dead: its host is asked now rather than then. */
    private void event(ClusterMembershipEvent event) {
        Endpoint where = Endpoint.of(event.subject().address());
        if (where == null) {
            return;
        }
        if (event.type() == ClusterMembershipEvent.Type.MEMBER_ADDED) {
            probes.forgetAll();
        } else if (event.type() == ClusterMembershipEvent.Type.REACHABILITY_CHANGED) {
            if (event.subject().isReachable()) {
                probes.forget(where);
            } else {
                probes.suspected(where, System.nanoTime());
            }
        }
    }

    private void report() {
        GossipProtocol.Known known = protocol.known();
        transport.expect(expected(known));
        if (known.complete()) {
            discovery.done(old.met());
        }
        boolean nobodyElse = seeds.onlySelf() && !old.awaited();
        if (nobodyElse && !known.complete()) {
            protocol.alone();
        }
        Gossip now =
                Snapshot.of(cluster.getMembers(), known.departed(), last.complete() || known.complete() || nobodyElse);
        if (!now.equals(last)) {
            last = now;
            listener.gossip(now, protocol.eventAt());
        }
    }

    /** Where members should be: a run that has just begun has spoken with none, and may have other keys than they. */
    private Set<InetAddress> expected(GossipProtocol.Known known) {
        Set<InetAddress> addresses = new HashSet<>();
        seeds.endpoints().forEach(seed -> addresses.add(seed.socket().getAddress()));
        old.places().forEach(place -> addresses.add(place.socket().getAddress()));
        known.members().values().forEach(member -> addresses.add(member.where().getAddress()));
        return addresses;
    }

    /** Asks for the seeds' addresses anew when it is time, and comes again; not if they all are addresses. */
    private void resolve() {
        if (!seeds.named()) {
            return;
        }
        boolean alone = protocol.known().members().isEmpty();
        long pause = seeds.refresh(
                System.nanoTime(),
                alone,
                () -> submit(() -> {
                    discovery.changed();
                    report();
                }));
        try {
            var unused = transport.loop().schedule(this::resolve, pause, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closing) {
            LOG.trace("closing", closing);
        }
    }

    private void submit(Runnable task) {
        try {
            transport.loop().execute(task);
        } catch (RejectedExecutionException closing) {
            LOG.trace("closing", closing);
        }
    }

    @Override
    public void probe(Advertisement peer) {
        Endpoint where = new Endpoint(peer.nodeIp(), peer.gossipPort(), peer.boot());
        submit(() -> {
            var unused = probes.ask(where, System.nanoTime())
                    .thenAccept(verdict -> submit(() -> listener.probed(peer.name(), peer.boot(), verdict)));
        });
    }
}
