package io.onlink;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.membership.Membership;
import io.onlink.peer.Advertisement;
import io.onlink.peer.Gossip;
import io.onlink.peer.Peer;
import io.onlink.peer.PeerView;
import io.onlink.peer.Rejection;
import io.onlink.peer.Roster;
import io.onlink.peer.Surroundings;
import io.onlink.route.Dump;
import io.onlink.route.Failure;
import io.onlink.route.KernelException;
import io.onlink.route.Link;
import io.onlink.route.Outcome;
import io.onlink.route.Reconciler;
import io.onlink.route.Route;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop: mail in, one pass over the kernel, status out. It owns all state and runs on one thread.
 *
 * <p>Level-triggered: whatever the mail says, a turn looks at everything again. Start, join, leave, drift, resync and
 * retry are the same call.
 */
final class Agent {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

    private final AgentSettings settings;
    private final World world;
    private final Roster roster;
    private final Schedule schedule;
    private final Set<Ipv4Prefix> known = new HashSet<>();
    private final ChangeLog changeLog = new ChangeLog();
    private Advertisement self;
    private Gossip gossip = Gossip.NONE;
    private long sweepAt = Long.MAX_VALUE;
    private boolean sweeping;
    private Status status = Status.STARTING;

    /** What an agent meets outside: the kernel, gossip, mail, a monotonic clock in nanoseconds, and who is told. */
    record World(
            Reconciler reconciler, Membership membership, Mailbox mailbox, LongSupplier clock, Consumer<Turn> report) {}

    Agent(AgentSettings settings, World world) {
        this.settings = settings;
        this.world = world;
        this.self = settings.self();
        this.roster = new Roster(settings.hold());
        this.schedule = new Schedule(
                settings.resync(), ThreadLocalRandom.current(), world.clock().getAsLong());
    }

    /** Runs until told to stop or to leave; says whether it was to leave. */
    boolean run() throws InterruptedException {
        turn("startup", false);
        while (true) {
            Mailbox.Mail mail = world.mailbox().take(idle(world.clock().getAsLong()));
            if (mail.leave() || mail.stop()) {
                return mail.leave();
            }
            step(mail);
        }
    }

    /** One turn of the loop. */
    void step(Mailbox.Mail mail) {
        accept(mail, world.clock().getAsLong());
        boolean event = mail.gossip() != null || !mail.answers().isEmpty();
        boolean netlink = mail.kernelChanged() || mail.overrun();
        turn(event ? "event" : netlink ? "netlink" : "timer", mail.overrun());
    }

    /** How long nothing needs to be done without mail, in nanoseconds; the clock may be anywhere, below 0 too. */
    long idle(long now) {
        long next = schedule.next() - now;
        OptionalLong deadline = roster.deadline();
        if (deadline.isPresent()) {
            next = Math.min(next, deadline.getAsLong() - now);
        }
        return gossip.complete() && !sweeping ? Math.min(next, sweepAt - now) : next;
    }

    private void accept(Mailbox.Mail mail, long now) {
        Gossip news = mail.gossip();
        if (news != null) {
            if (news.complete() && !gossip.complete()) {
                sweepAt = now + settings.hold().toNanos();
                LOG.info("first full view: {} other members", news.alive().size());
            }
            gossip = news;
            roster.gossip(news, now);
        }
        for (Mailbox.Answer answer : mail.answers()) {
            if (roster.probed(answer.name(), answer.boot(), answer.answered())) {
                LOG.info(
                        "gossip has lost {}; its host {}",
                        answer.name(),
                        answer.answered() ? "answers, its routes stay for now" : "is silent too, its routes go");
            }
        }
    }

    private void turn(String trigger, boolean overrun) {
        long began = world.clock().getAsLong();
        roster.expire(began);
        roster.probesDue(began).forEach(world.membership()::probe);
        Collection<Advertisement> members = roster.members();
        rank(members);
        sweeping = gossip.complete() && began - sweepAt >= 0;
        Outcome outcome = null;
        try {
            outcome = world.reconciler().reconcile(dump -> admit(dump, members), this::mayDelete);
            outcome.view().peers().forEach(peer -> known.addAll(peer.subnets()));
            changeLog.pass(trigger, outcome);
            status = statusOf(outcome);
        } catch (KernelException e) {
            changeLog.broken(e.text());
            status = new Status(false, gossip.complete(), 0, 0, PeerView.EMPTY, List.of(), e.text());
        }
        long now = world.clock().getAsLong();
        schedule.after(outcome != null && outcome.settled(), now);
        Turn.Members count = new Turn.Members(roster.alive(), roster.held(), roster.left());
        world.report().accept(new Turn(trigger, now - began, outcome, status, count, overrun));
    }

    /**
     * Keeps our advertisement ahead of a former run's, and ranks our claim once the others' are known.
     *
     * <p>A member with our name and our node IP can only be a former run of ours that gossip still holds.
     */
    private void rank(Collection<Advertisement> members) {
        long generation = self.generation();
        long seniority = self.seniority();
        for (Advertisement member : members) {
            boolean former =
                    member.name().equals(self.name()) && member.nodeIp().equals(self.nodeIp());
            if (former && Long.compareUnsigned(member.generation(), generation) >= 0 && member.supersedes(self)) {
                generation = member.generation() + 1;
            }
        }
        if (seniority == 0 && gossip.complete()) {
            seniority = 1
                    + members.stream().mapToLong(Advertisement::seniority).max().orElse(0);
        }
        if (generation != self.generation() || seniority != self.seniority()) {
            self = new Advertisement(
                    self.name(),
                    self.boot(),
                    generation,
                    self.nodeIp(),
                    self.gossipPort(),
                    self.subnets(),
                    seniority,
                    self.version());
            world.membership().advertise(self);
        }
    }

    private PeerView admit(Dump dump, Collection<Advertisement> members) {
        Set<Ipv4Prefix> connected = new HashSet<>();
        for (Link link : dump.links()) {
            boolean ours = link.name().equals(settings.links().tunnel())
                    || link.name().equals(settings.links().bridge());
            if (!ours) {
                link.addresses().stream().map(Link.Address::prefix).forEach(connected::add);
            }
        }
        List<Advertisement> others =
                members.stream().filter(member -> !former(member)).toList();
        PeerView view = withoutTakers(
                PeerView.of(new Surroundings(self, settings.overlay(), connected, settings.seedAddresses()), others),
                dump);
        if (gossip.malformed().isEmpty()) {
            return view;
        }
        List<Rejection> rejections = new ArrayList<>(view.rejections());
        gossip.malformed()
                .forEach(m -> rejections.add(new Rejection(m.member(), Rejection.Reason.MALFORMED, m.reason())));
        return new PeerView(view.peers(), rejections);
    }

    /** Before the first full view, whoever claims what a former run routed elsewhere waits: its owner may only be late. */
    private PeerView withoutTakers(PeerView view, Dump dump) {
        if (gossip.complete()) {
            return view;
        }
        Map<Ipv4Prefix, Ipv4> former = new HashMap<>();
        dump.table().routes().stream()
                .filter(route -> !known.contains(route.dst()))
                .forEach(route -> former.put(route.dst(), route.gateway()));
        List<Peer> peers = view.peers().stream()
                .filter(peer -> peer.subnets().stream()
                        .map(former::get)
                        .allMatch(gateway -> gateway == null || gateway.equals(peer.nodeIp())))
                .toList();
        return new PeerView(peers, view.rejections());
    }

    private boolean former(Advertisement member) {
        return member.name().equals(self.name()) && member.nodeIp().equals(self.nodeIp());
    }

    /** Before the view is known to be whole, only what this run itself has seen claimed may go. */
    private boolean mayDelete(Ipv4Prefix dst) {
        return sweeping || known.contains(dst);
    }

    private Status statusOf(Outcome outcome) {
        String trouble = outcome.failures().stream()
                .findFirst()
                .map(Failure::toString)
                .orElse(outcome.tunnelUp() ? "" : "the tunnel is not up");
        List<String> routes =
                outcome.desired().routes().stream().map(Route::toString).toList();
        return new Status(
                outcome.tunnelUp(),
                gossip.complete(),
                outcome.desired().routes().size(),
                outcome.installed(),
                outcome.view(),
                routes,
                trouble);
    }
}
