package io.onlink.membership;

import io.atomix.cluster.BootstrapService;
import io.atomix.cluster.ClusterMembershipEvent;
import io.atomix.cluster.Member;
import io.atomix.cluster.impl.DefaultClusterMembershipService;
import io.atomix.cluster.messaging.BroadcastService;
import io.atomix.cluster.messaging.MessagingService;
import io.atomix.cluster.messaging.UnicastService;
import io.atomix.cluster.protocol.SwimMembershipProtocol;
import io.atomix.cluster.protocol.SwimMembershipProtocolConfig;
import io.atomix.utils.Version;
import io.onlink.peer.Advertisement;
import io.onlink.peer.Gossip;
import io.onlink.seal.Keyring;
import io.onlink.seal.Refusal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link Membership} by Atomix's SWIM, on sockets of our own.
 *
 * <p>What Atomix leaves out is added here: knocking at seeds until somebody opens and at lost members for an hour, a
 * periodic exchange of everything with a random member, and the announced leave.
 */
public final class AtomixMembership implements Membership {
    /** How long a peer's kernel may take to answer a probe. */
    public static final int PROBE_TIMEOUT_MILLIS = 1500;

    private static final Logger LOG = LoggerFactory.getLogger(AtomixMembership.class);
    private static final long ALONE_TICK_MILLIS = 200;
    private static final long TICK_MILLIS = 1000;
    private static final long EXCHANGE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(ALONE_TICK_MILLIS);

    /** Members a leave is passed on to by each that hears of it: enough to reach those the leaver did not. */
    private static final int RELAYS = 3;

    private final GossipSettings settings;
    private final Listener listener;
    private final Traffic traffic = new Traffic();
    private final Endpoint self;
    private final String selfId;
    private final Transport transport;
    private final Messenger messenger;
    private final Rumours rumours;
    private final Discovery discovery;
    private final Seeds seeds;
    private final Lost lost = new Lost();
    private final Departed departed = new Departed();
    private final DefaultClusterMembershipService cluster;
    private final ScheduledThreadPoolExecutor thread;
    private final AtomicBoolean looking = new AtomicBoolean();

    /** The rest is of the membership's thread. */
    private Gossip last = Gossip.NONE;

    private boolean exchanged;
    private boolean exchanging;
    private long exchangeDue;

    public AtomixMembership(GossipSettings settings, Listener listener) {
        this.settings = settings;
        this.listener = listener;
        this.self = settings.endpoint();
        this.selfId = Boots.memberId(settings.self().name(), settings.self().boot());
        this.transport = new Transport(settings, traffic, this::take);
        this.messenger =
                new Messenger(transport, self, ThreadLocalRandom.current().nextLong());
        this.rumours = new Rumours(transport, self);
        this.discovery = new Discovery(messenger);
        this.seeds = new Seeds(settings.seeds(), self);
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, "onlink-membership");
            made.setDaemon(true);
            return made;
        });
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        this.cluster = compose();
    }

    private DefaultClusterMembershipService compose() {
        Properties properties = new Properties();
        properties.setProperty(Snapshot.PROPERTY, Snapshot.property(settings.self()));
        Member local = Member.builder()
                .withId(selfId)
                .withAddress(self.address())
                .withProperties(properties)
                .build();
        SwimMembershipProtocolConfig tuning = new SwimMembershipProtocolConfig()
                .setProbeInterval(Duration.ofMillis(500))
                .setProbeTimeout(Duration.ofSeconds(1))
                .setFailureTimeout(Duration.ofSeconds(1))
                .setGossipInterval(Duration.ofMillis(200))
                .setGossipFanout(10)
                .setBroadcastUpdates(true)
                .setBroadcastDisputes(true)
                // A run that was dropped by mistake comes back by the next packet, not only by disputing its death.
                .setRetainTombstones(false);
        return new DefaultClusterMembershipService(
                local,
                Version.from("1.0.0"),
                discovery,
                new Sockets(messenger, rumours),
                SwimMembershipProtocol.TYPE.newProtocol(tuning));
    }

    /** What Atomix asks of a network. */
    private record Sockets(MessagingService getMessagingService, UnicastService getUnicastService)
            implements BootstrapService {
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
        submit(this::tick);
        look();
    }

    @Override
    public void advertise(Advertisement advertisement) {
        cluster.getLocalMember().properties().setProperty(Snapshot.PROPERTY, Snapshot.property(advertisement));
    }

    /** Seals and opens with these keys from now on; sessions and members stay. */
    public void keyring(Keyring keyring) {
        transport.keyring(keyring);
    }

    /** What went over the sockets since the start. */
    public GossipCounters counters() {
        return traffic.snapshot();
    }

    /** Takes a frame in, on the event loop. */
    private void take(Frame frame) {
        Endpoint source = frame.source;
        if (frame.kind != Frame.Kind.ONE_WAY && source != null) {
            messenger.take(frame, answer -> transport.send(source, answer, lost -> {}));
        } else if (frame.subject == Subject.LEAVE) {
            left(frame.payload);
        } else {
            var unused = rumours.hear(frame.subject, frame.payload);
        }
    }

    private void left(byte[] payload) {
        if (payload.length != Long.BYTES) {
            traffic.refused(Refusal.CONTENT);
            return;
        }
        long boot = ByteBuffer.wrap(payload).getLong();
        if (boot != self.boot() && departed.add(boot)) {
            submit(() -> {
                List<Endpoint> members = others();
                Collections.shuffle(members);
                members.stream().limit(RELAYS).forEach(member -> sendLeave(member, boot));
            });
            look();
        }
    }

    private void sendLeave(Endpoint to, long boot) {
        byte[] payload = ByteBuffer.allocate(Long.BYTES).putLong(boot).array();
        transport.send(to, Frame.oneWay(Subject.LEAVE, payload), error -> {});
    }

    @Override
    public void leave() {
        List<Endpoint> members = others();
        CountDownLatch flushed = new CountDownLatch(1);
        for (int round = 0; round < 2; round++) {
            members.forEach(member -> sendLeave(member, self.boot()));
        }
        try {
            // Behind the datagrams in the loop's queue: when it runs, they are with the kernel.
            transport.loop().execute(flushed::countDown);
            if (!flushed.await(1, TimeUnit.SECONDS)) {
                LOG.warn("leave not announced to every member within 1 s");
            }
        } catch (RejectedExecutionException closed) {
            LOG.debug("leave after close");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        seeds.close();
        var unused = cluster.stop();
        transport.close();
    }

    /** An event of Atomix: only whom we lost is taken from it, the rest is read from the members. */
    private void event(ClusterMembershipEvent event) {
        Endpoint where = Endpoint.of(event.subject().address());
        if (where != null && event.type() == ClusterMembershipEvent.Type.MEMBER_REMOVED) {
            submit(() -> lost.add(where, System.nanoTime()));
        }
        look();
    }

    /** Has the membership's thread look at the members anew, once for any number of events. */
    private void look() {
        if (looking.compareAndSet(false, true)) {
            submit(this::report);
        }
    }

    private void report() {
        looking.set(false);
        boolean complete = last.complete() || exchanged || seeds.onlySelf();
        Gossip now = Snapshot.of(cluster.getMembers(), selfId, departed.all(), complete);
        exchangeIfDue();
        if (!now.equals(last)) {
            last = now;
            listener.gossip(now);
        }
    }

    private void submit(Runnable task) {
        try {
            thread.execute(() -> guarded(task));
        } catch (RejectedExecutionException closing) {
            LOG.trace("closing", closing);
        }
    }

    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("membership failed at one step; it goes on with the next", e);
        }
    }

    /** Knocks where nobody is known, exchanges when due, and comes again. */
    private void tick() {
        long now = System.nanoTime();
        List<Endpoint> others = others();
        boolean alone = others.isEmpty();
        List<Endpoint> here = others.stream().map(Endpoint::anyBoot).toList();
        seeds.refresh(now, alone, () -> {
            look();
            submit(() -> seeds.endpoints().forEach(discovery::knock));
        });
        seeds.endpoints().stream().filter(seed -> !here.contains(seed)).forEach(discovery::knock);
        lost.due(here, now).forEach(discovery::knock);
        exchangeIfDue();
        try {
            var unused = thread.schedule(
                    () -> guarded(this::tick),
                    alone || !exchanged ? ALONE_TICK_MILLIS : TICK_MILLIS,
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closing) {
            LOG.trace("closing", closing);
        }
    }

    private List<Endpoint> others() {
        List<Endpoint> others = new ArrayList<>();
        for (Member member : cluster.getMembers()) {
            Endpoint where = Endpoint.of(member.address());
            if (where != null && !member.id().id().equals(selfId)) {
                others.add(where);
            }
        }
        return others;
    }

    /** Exchanges everything with a random member: at once with the first there is, then every ten seconds. */
    private void exchangeIfDue() {
        List<Endpoint> others = others();
        if (others.isEmpty()) {
            exchangeDue = System.nanoTime();
        } else if (!exchanging && exchangeDue - System.nanoTime() <= 0 && messenger.selfImage.isDone()) {
            exchanging = true;
            exchangeDue = System.nanoTime()
                    + EXCHANGE_NANOS / 2
                    + ThreadLocalRandom.current().nextLong(EXCHANGE_NANOS);
            exchange(others.get(ThreadLocalRandom.current().nextInt(others.size())));
        }
    }

    /**
     * Gives the peer all we know and takes all it knows. The encodings stay as Atomix made them: what its sync answers
     * is what its gossip reads, so neither has to be understood here.
     */
    private void exchange(Endpoint peer) {
        byte[] image = messenger.selfImage.join();
        var unused = messenger
                .serve(Subject.SYNC, image)
                .thenAccept(ours -> rumours.unicast(peer.address(), Subject.GOSSIP.text, ours))
                .thenCompose(given ->
                        messenger.sendAndReceive(peer.address(), Subject.SYNC.text, image, true, Duration.ofSeconds(2)))
                .thenCompose(theirs -> rumours.hear(Subject.GOSSIP, theirs))
                .whenComplete((heard, error) -> submit(() -> {
                    exchanging = false;
                    exchanged |= error == null;
                    if (error != null) {
                        exchangeDue = System.nanoTime() + RETRY_NANOS;
                    }
                    look();
                }));
    }

    @Override
    public void probe(Advertisement peer) {
        var where = Endpoint.socket(peer.nodeIp(), peer.gossipPort());
        var unused = HostProbe.ask(transport.outgoing(), where, PROBE_TIMEOUT_MILLIS)
                .thenAccept(answered -> submit(() -> listener.probed(peer.name(), peer.boot(), answered)));
    }
}
