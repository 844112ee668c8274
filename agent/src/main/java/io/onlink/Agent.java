package io.onlink;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.membership.Membership;
import io.onlink.peer.Advertisement;
import io.onlink.peer.Gossip;
import io.onlink.peer.NodeName;
import io.onlink.peer.PeerView;
import io.onlink.peer.Rejection;
import io.onlink.peer.Roster;
import io.onlink.peer.Surroundings;
import io.onlink.route.Change;
import io.onlink.route.Dump;
import io.onlink.route.Failure;
import io.onlink.route.KernelException;
import io.onlink.route.Link;
import io.onlink.route.Outcome;
import io.onlink.route.Reconciler;
import io.onlink.swim.Lag;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
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
    private final OwnClaim claim;
    private final Spacing spacing = new Spacing();
    private final Remembered remembered;
    private List<Advertisement> kept = List.of();
    private final Lag lag = new Lag();
    private OptionalLong eventAt = OptionalLong.empty();
    private PeerView lastView = PeerView.EMPTY;
    private long viewHash;
    private boolean lastGood;
    private Set<Ipv4Prefix> lastBlocked = Set.of();
    private Gossip gossip = Gossip.NONE;
    private long sweepAt = Long.MAX_VALUE;
    private boolean sweeping;
    private boolean guarded;
    private boolean mute;
    private Status status = Status.STARTING;

    /**
     * What an agent meets outside: the kernel, gossip, mail, a monotonic clock in nanoseconds, who is told of a turn,
     * who keeps our claim over a restart, who keeps the view over a reboot, and the MTU that routes to a peer are to
     * have: 0 for the tunnel's, empty while that is not known.
     */
    record World(
            Reconciler reconciler,
            Membership membership,
            Mailbox mailbox,
            LongSupplier clock,
            Consumer<Turn> report,
            Consumer<Advertisement> keep,
            Memory memory,
            Function<NodeName, OptionalInt> mtuTo) {
        /** One that remembers nothing and measures no path. */
        World(
                Reconciler reconciler,
                Membership membership,
                Mailbox mailbox,
                LongSupplier clock,
                Consumer<Turn> report,
                Consumer<Advertisement> keep) {
            this(reconciler, membership, mailbox, clock, report, keep, Memory.NONE, PathTargets.TUNNEL_MTU);
        }
    }

    /**
     * What of the mesh outlives a reboot of the host.
     *
     * @param peers those of the last run's view
     * @param maxAge how long they are believed in while nobody tells of the mesh
     * @param keep takes the view of now whenever it has changed
     */
    record Memory(List<Advertisement> peers, Duration maxAge, Consumer<List<Advertisement>> keep) {
        static final Memory NONE = new Memory(List.of(), Duration.ZERO, view -> {});
    }

    Agent(AgentSettings settings, World world) {
        this(settings, world, ThreadLocalRandom.current());
    }

    /** The same with a source of chance of its own: seeded, it makes runs repeatable. */
    Agent(AgentSettings settings, World world, RandomGenerator random) {
        this.settings = settings;
        this.world = world;
        this.claim = new OwnClaim(settings.self());
        Roster.Policy policy = new Roster.Policy(
                settings.hold(),
                member -> settings.rules().refuse(member).isEmpty(),
                this::otherSeeds,
                settings.massDepartureShare());
        this.roster = new Roster(policy);
        this.remembered = new Remembered(
                world.memory().peers().stream().filter(this::isCredible).toList(),
                world.memory().maxAge(),
                world.clock().getAsLong());
        if (remembered.count() > 0) {
            LOG.info("{} peers of the last run are routed to until the mesh is heard of", remembered.count());
        }
        this.schedule = new Schedule(settings.resync(), random, world.clock().getAsLong());
    }

    private boolean isCredible(Advertisement peer) {
        return !peer.name().equals(settings.self().name())
                && !peer.nodeIp().equals(settings.self().nodeIp())
                && settings.rules().refuse(peer).isEmpty();
    }

    /** Those given by name too, once it is resolved: they are witnesses like the others. */
    private Set<Ipv4> otherSeeds() {
        Set<Ipv4> seeds = new HashSet<>(world.membership().seeds());
        seeds.addAll(settings.seedAddresses());
        seeds.remove(settings.self().nodeIp());
        return seeds;
    }

    /** Nobody's to claim. What a name resolves to is so only where a member is: DNS alone takes no route away. */
    private Set<Ipv4> seedsInUse() {
        Set<Ipv4> seeds = otherSeeds();
        Set<Ipv4> used = new HashSet<>(settings.seedAddresses());
        roster.credible().forEach(member -> used.add(member.nodeIp()));
        seeds.retainAll(used);
        return seeds;
    }

    /** Runs until told to stop or to leave; says whether it was to leave. */
    boolean run() throws InterruptedException {
        turn("startup", false);
        while (true) {
            long now = world.clock().getAsLong();
            long due = now + idle(now);
            Mailbox.Mail mail = world.mailbox().take(idle(now), pause(now));
            if (mail.leave() || mail.stop()) {
                return mail.leave();
            }
            late(mail, due);
            step(mail);
        }
    }

    /** Mail of the kernel's alone may be left to wait; nothing else may. */
    private void late(Mailbox.Mail mail, long due) {
        long woke = world.clock().getAsLong();
        long since = mail.times().put().orElse(mail.kernelChanged() || mail.overrun() ? woke : due);
        lag.late(woke, woke - since);
    }

    /** How late the loop lately was; any thread. */
    Lag lag() {
        return lag;
    }

    /** One turn of the loop. */
    void step(Mailbox.Mail mail) {
        eventAt = mail.times().event();
        accept(mail, world.clock().getAsLong());
        boolean event = mail.gossip() != null || !mail.answers().isEmpty() || mail.pathsChanged();
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
        OptionalLong expiry = remembered.deadline();
        if (expiry.isPresent()) {
            next = Math.min(next, expiry.getAsLong() - now);
        }
        return gossip.complete() && !sweeping ? Math.min(next, sweepAt - now) : next;
    }

    /** How long the kernel's notifications alone must wait, in nanoseconds. */
    long pause(long now) {
        return spacing.pause(now);
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
        mail.answers().forEach(answer -> roster.probed(answer.name(), answer.boot(), answer.verdict()));
        for (Roster.News told : roster.news()) {
            LOG.info(
                    "gossip has lost {}; its host {}",
                    told.name(),
                    told.answers() ? "answers, its routes stay for now" : "is silent too, its routes go");
        }
        if (!mute && roster.mute()) {
            LOG.error("nobody can be asked: no packet gets out of this host (ip link, ip route get PEER); the routes of"
                    + " the peers gossip has lost stay until one does");
        }
        mute = roster.mute();
        if (!guarded && roster.guarded() > 0) {
            LOG.error(
                    "most hosts asked are silent and no seed's host answers: this host may be cut off, so the routes of the"
                            + " peers gossip loses stay, {} so far; set mass-departure-share to 100 if they are to go",
                    roster.guarded());
        }
    }

    private void turn(String trigger, boolean overrun) {
        long began = world.clock().getAsLong();
        roster.expire(began);
        if (guarded && roster.guarded() == 0) {
            LOG.info("a host answers again: the peers that are still lost are asked anew");
        }
        guarded = roster.guarded() > 0;
        roster.probesDue(began).forEach(world.membership()::probe);
        Set<Ipv4Prefix> expired = remembered.review(roster.credible(), gossip.complete(), began);
        if (known.addAll(expired)) {
            LOG.warn("nobody has confirmed the peers of the last run in time: their routes go");
        }
        List<Advertisement> members = remembered.with(roster.members());
        schedule.wants(members);
        if (claim.reconsider(roster.credible(), gossip.complete())) {
            world.keep().accept(claim.now());
            world.membership().advertise(claim.now());
        }
        boolean sweepBegins = !sweeping && gossip.complete() && began - sweepAt >= 0;
        if (sweepBegins) {
            sweeping = true;
            known.clear();
        }
        Outcome outcome = null;
        List<Change> repairs = List.of();
        try {
            outcome = world.reconciler().reconcile(dump -> admit(dump, members), this::mayDelete);
            repairs = sweepBegins ? List.of() : repairs(outcome);
            look(outcome.view());
            String why = repairs.isEmpty() ? trigger : "drift";
            changeLog.pass(why, outcome, world.clock().getAsLong());
            status = statusOf(outcome);
            keep(outcome.view());
            schedule.after(outcome.settled(), world.clock().getAsLong());
        } catch (KernelException e) {
            schedule.afterBroken(world.clock().getAsLong());
            changeLog.broken(e.text());
            status = statusWithout(e);
        }
        long now = world.clock().getAsLong();
        boolean wrote = outcome != null
                && (!outcome.applied().isEmpty() || world.reconciler().gateRepaired());
        if (spacing.after(trigger.equals("netlink") && wrote, now - began, now)) {
            LOG.warn("somebody keeps changing what onlink writes; it is put right at most once a second from now on"
                    + " (ip -ts monitor all shows who)");
        }
        Turn.Members count = new Turn.Members(roster.alive(), roster.held(), roster.guarded(), roster.left());
        Turn.News news = new Turn.News(eventAt, roster.departures());
        Turn turn = new Turn(trigger, now - began, outcome, status, count, overrun, repairs, news);
        lastGood = outcome != null && outcome.good();
        lastBlocked = turn.blocked();
        world.report().accept(turn);
    }

    /**
     * Where the last pass had left nothing to do and nothing new is wanted, somebody else did what is put right; but
     * that a foreign route is no longer in the way of ours is no harm done.
     */
    private List<Change> repairs(Outcome outcome) {
        return lastGood && outcome.view().equals(lastView)
                ? outcome.applied().stream()
                        .filter(change -> !(change instanceof Change.AddRoute add
                                && lastBlocked.contains(add.route().dst())))
                        .toList()
                : List.of();
    }

    /** For the next start. A mesh that nobody is left of is none to come up with, unless they took their leave. */
    private void keep(PeerView view) {
        if (!gossip.complete()) {
            return;
        }
        Set<NodeName> names = new HashSet<>();
        view.peers().forEach(peer -> names.add(peer.name()));
        List<Advertisement> now = roster.credible().stream()
                .filter(member -> names.contains(member.name()))
                .sorted(Comparator.comparing(Advertisement::name))
                .toList();
        if (!now.equals(kept) && (!now.isEmpty() || roster.left() > 0)) {
            kept = now;
            world.memory().keep().accept(now);
        }
    }

    private void look(PeerView view) {
        if (!sweeping) {
            view.peers().stream()
                    .filter(peer -> !remembered.holds(peer.name()))
                    .forEach(peer -> known.addAll(peer.subnets()));
        }
        if (!view.peers().equals(lastView.peers()) || viewHash == 0) {
            viewHash = ViewHash.of(claim.now(), view);
        }
        lastView = view;
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
        Set<Ipv4> reserved = seedsInUse();
        reserved.addAll(dump.gateways());
        List<Advertisement> others =
                members.stream().filter(one -> !claim.former(one)).toList();
        PeerView view = PeerView.of(new Surroundings(claim.now(), settings.rules(), connected, reserved), others);
        if (!gossip.complete()) {
            view = FormerRoutes.of(dump, known).withoutTakers(view);
        }
        view = PathTargets.withMtus(view, dump, world.mtuTo());
        if (gossip.malformed().isEmpty()) {
            return view;
        }
        List<Rejection> rejections = new ArrayList<>(view.rejections());
        gossip.malformed()
                .forEach(m -> rejections.add(new Rejection(m.member(), Rejection.Reason.MALFORMED, m.reason())));
        return new PeerView(view.peers(), rejections);
    }

    /** Before the view is known to be whole, only what this run itself has seen claimed may go. */
    private boolean mayDelete(Ipv4Prefix dst) {
        return sweeping || known.contains(dst);
    }

    /** The kernel could not be read or written: what it did not say is as before. */
    private Status statusWithout(KernelException e) {
        boolean up = world.reconciler().tunnelUp();
        return new Status(
                up,
                gossip.complete(),
                status.routesDesired(),
                up ? status.routesInstalled() : 0,
                roster.guarded(),
                status.view(),
                viewHash,
                e.text(),
                remembered.count(),
                false);
    }

    private Status statusOf(Outcome outcome) {
        String trouble = outcome.failures().stream()
                .findFirst()
                .map(Failure::toString)
                .orElse(outcome.tunnelUp() ? "" : "the tunnel is not up");
        return new Status(
                outcome.tunnelUp(),
                gossip.complete(),
                outcome.desired().routes().size(),
                outcome.installed(),
                roster.guarded(),
                outcome.view(),
                viewHash,
                trouble,
                remembered.count());
    }
}
