package io.onlink.membership;

import io.atomix.cluster.Member;
import io.onlink.inet.Ipv4;
import io.onlink.peer.Advertisement;
import io.onlink.peer.Gossip;
import io.onlink.peer.Verdict;
import io.onlink.swim.Bytes;
import io.onlink.swim.Contact;
import io.onlink.swim.Message;
import io.onlink.swim.Swim;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The membership without sockets and event loop: the real protocol, host probes and snapshots, driven as {@link
 * GossipProtocol} and {@link AtomixMembership} drive them. For the simulation.
 */
public final class BareMembership implements Membership {
    /** A burst of changes is shown as one, this many nanoseconds after its first. */
    private static final long FOLD = 5_000_000;

    /** The world outside: a clock, a network, a place to wait. */
    public interface Shell {
        /** Now, in nanoseconds. */
        long now();

        /** Sends. */
        void send(Contact to, Message message);

        /** Asks the kernel there for a sign of life, for so many milliseconds; tells how many it took. */
        CompletableFuture<Verdict> ask(Ipv4 host, IntSupplier patience, LongConsumer answered);

        /** Does that later, unless this process ends before. */
        void later(long nanos, Runnable task);

        /** Calls {@link BareMembership#tick} at that time. */
        void wakeAt(long nanos);

        /** What the node says of itself, as it goes over the network. */
        byte[] write(Advertisement self);
    }

    private final Shell shell;
    private final Listener listener;
    private final Set<Contact> seeds;
    private final Swim swim;
    private final HostProbes probes;
    private final OldAcquaintance old;
    private final Map<Long, GossipMember> members = new TreeMap<>();
    private Gossip last = Gossip.NONE;
    private long shownVersion;
    private boolean shownComplete;
    private boolean showing;
    private long alarmAt = Long.MAX_VALUE;

    /** Who a member is, and whom it may ask for the others: seeds, and peers of a former run. */
    public record Start(Advertisement self, Set<Ipv4> seeds, List<Advertisement> remembered) {}

    /** A member that knows nobody yet. */
    public BareMembership(Shell shell, Listener listener, Start start, RandomGenerator random) {
        Advertisement self = start.self();
        this.shell = shell;
        this.listener = listener;
        this.seeds = new HashSet<>();
        start.seeds().stream()
                .filter(seed -> !seed.equals(self.nodeIp()))
                .sorted()
                .forEach(seed -> this.seeds.add(new Contact(seed, self.gossipPort(), 0)));
        Endpoint here = new Endpoint(self.nodeIp(), self.gossipPort(), self.boot());
        this.old = new OldAcquaintance(start.remembered(), here, new Random(random.nextLong()));
        byte[] token = new byte[Bytes.TOKEN_LENGTH];
        random.nextBytes(token);
        this.swim = new Swim(
                shell.now(),
                new Contact(self.nodeIp(), self.gossipPort(), self.boot()),
                Bytes.of(shell.write(self)),
                Bytes.of(token),
                random);
        this.probes = new HostProbes(
                (where, listening) -> shell.ask(where.ip(), listening::patienceMillis, listening::answered),
                swim::allowance,
                shell::now);
        this.shownVersion = swim.version();
    }

    @Override
    public void start() {
        knock();
        report();
        if (old.awaited()) {
            shell.later(TimeUnit.SECONDS.toNanos(OldAcquaintance.PATIENCE_SECONDS), () -> {
                old.giveUp();
                report();
            });
        }
    }

    private void knock() {
        Set<Contact> places = new HashSet<>(seeds);
        old.places().forEach(place -> places.add(place.contact()));
        List<Contact> inOrder = new ArrayList<>(places);
        inOrder.sort(Comparator.comparing(Contact::ip));
        step(now -> swim.seeds(now, inOrder));
    }

    @Override
    public void advertise(Advertisement self) {
        step(now -> swim.advertise(now, Bytes.of(shell.write(self))));
    }

    /** Takes a message in. */
    public void receive(Contact from, Message message) {
        step(now -> swim.receive(now, from, message));
    }

    /** The alarm has gone off. */
    public void tick() {
        alarmAt = Long.MAX_VALUE;
        step(swim::tick);
    }

    @Override
    public void leave() {
        step(swim::leave);
    }

    @Override
    public Set<Ipv4> seeds() {
        Set<Ipv4> addresses = new HashSet<>();
        seeds.forEach(seed -> addresses.add(seed.ip()));
        return addresses;
    }

    @Override
    public void close() {}

    private void step(LongConsumer input) {
        input.accept(shell.now());
        swim.drain().forEach(send -> shell.send(send.to(), send.message()));
        long deadline = swim.deadline();
        if (deadline != alarmAt && deadline != Long.MAX_VALUE) {
            alarmAt = deadline;
            shell.wakeAt(deadline);
        }
        if (!showing && (swim.version() != shownVersion || swim.complete() != shownComplete)) {
            showing = true;
            shell.later(FOLD, this::show);
        }
    }

    private void show() {
        long settling = swim.settling(shell.now());
        if (settling > 0) {
            shell.later(settling, this::show);
            return;
        }
        showing = false;
        boolean news = swim.complete() != shownComplete;
        shownVersion = swim.version();
        shownComplete = swim.complete();
        List<io.onlink.swim.Member> present = swim.members();
        for (io.onlink.swim.Member member : present) {
            GossipMember before = members.get(member.boot());
            if (before == null || !before.held.equals(member)) {
                GossipMember after = GossipMember.of(member, before);
                members.put(member.boot(), after);
                tell(before, after);
                news |= before == null
                        || after.advertisement == null
                        || !after.advertisement.equals(before.advertisement);
            }
        }
        if (members.size() > present.size()) {
            Set<Long> boots = new HashSet<>();
            present.forEach(member -> boots.add(member.boot()));
            members.keySet().retainAll(boots);
            news = true;
        }
        if (news || !last.left().equals(new HashSet<>(swim.departed()))) {
            report();
        }
    }

    private void tell(@Nullable GossipMember before, GossipMember after) {
        Endpoint where = Endpoint.of(after.held.contact());
        if (before == null) {
            probes.forgetAll();
        } else if (before.isReachable() != after.isReachable()) {
            if (after.isReachable()) {
                probes.forget(where);
            } else {
                probes.suspected(where, shell.now());
            }
        }
    }

    private void report() {
        if (swim.complete() && !old.met().isEmpty()) {
            knock();
        }
        boolean nobodyElse = seeds.isEmpty() && !old.awaited();
        if (nobodyElse && !swim.complete()) {
            swim.alone();
        }
        List<Member> known = new ArrayList<>(members.values());
        Gossip now =
                Snapshot.of(known, new HashSet<>(swim.departed()), last.complete() || swim.complete() || nobodyElse);
        if (!now.equals(last)) {
            last = now;
            listener.gossip(now);
        }
    }

    @Override
    public void probe(Advertisement peer) {
        Endpoint where = new Endpoint(peer.nodeIp(), peer.gossipPort(), peer.boot());
        var unused = probes.ask(where, shell.now())
                .thenAccept(verdict -> listener.probed(peer.name(), peer.boot(), verdict));
    }

    /** How many members it holds. */
    public int size() {
        return members.size();
    }

    /** What was held against others. */
    public io.onlink.swim.Tally tally() {
        return swim.tally();
    }
}
