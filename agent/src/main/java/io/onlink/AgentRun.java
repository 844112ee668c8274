package io.onlink;

import io.onlink.config.Config;
import io.onlink.config.Seed;
import io.onlink.guard.Guard;
import io.onlink.history.Culprits;
import io.onlink.history.History;
import io.onlink.host.Before;
import io.onlink.host.HostWatch;
import io.onlink.host.NotingKernel;
import io.onlink.http.Answer;
import io.onlink.http.HttpServer;
import io.onlink.http.Page;
import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.membership.AtomixMembership;
import io.onlink.membership.GossipSettings;
import io.onlink.membership.Membership;
import io.onlink.membership.MembershipException;
import io.onlink.metrics.AgentMetrics;
import io.onlink.metrics.MemoryCounts;
import io.onlink.netlink.KernelMonitor;
import io.onlink.netlink.LinuxKernel;
import io.onlink.netlink.NamespaceLock;
import io.onlink.peer.Advertisement;
import io.onlink.peer.NodeName;
import io.onlink.peer.Rules;
import io.onlink.route.Failure;
import io.onlink.route.Kernel;
import io.onlink.route.KernelException;
import io.onlink.route.Outcome;
import io.onlink.route.Reconciler;
import io.onlink.route.TunnelSettings;
import io.onlink.seal.BadKeyFile;
import io.onlink.seal.KeyFile;
import io.onlink.state.ViewFile;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code onlink agent}: everything wired to everything, top to bottom, and taken down in the other order. */
final class AgentRun {
    /** How long SIGTERM waits for the loop to end and all to be closed, in seconds. */
    private static final int STOP_SECONDS = 10;

    private static final Logger LOG = LoggerFactory.getLogger(AgentRun.class);

    private final Config config;
    private final Build build;
    private final Function<LinuxKernel, Kernel> ground;

    /** Whether the kernel is really written: only there must an agent be the only one. */
    private final boolean real;

    private final Mailbox mailbox = new Mailbox();
    private final CompletableFuture<Answer> left = new CompletableFuture<>();
    private final History history = new History(InstantSource.system());
    private final Culprits culprits = new Culprits();
    /** That all is closed, the last view written: until then SIGTERM waits. */
    private final CountDownLatch ended = new CountDownLatch(1);

    private volatile @Nullable Keys keys;
    private volatile Sentry sentry = Sentry.none();
    /** Whether the node IP is another now; of the agent's thread. */
    private boolean moved;

    private volatile @Nullable HostWatch watch;
    private volatile PathWatch paths = PathWatch.none();
    private volatile Status status = Status.STARTING;

    AgentRun(Config config, Build build) {
        this(config, build, linux -> linux, true);
    }

    /** Looks at and changes what {@code ground} makes of the kernel; a rehearsal passes one that changes nothing. */
    AgentRun(Config config, Build build, Function<LinuxKernel, Kernel> ground) {
        this(config, build, ground, false);
    }

    private AgentRun(Config config, Build build, Function<LinuxKernel, Kernel> ground, boolean real) {
        this.config = config;
        this.build = build;
        this.ground = ground;
        this.real = real;
    }

    /** Runs until stopped; returns the exit status. */
    int run() {
        Logging.set(config.logLevel().name(), config.logFormat() == Config.LogFormat.JSON);
        try (LinuxKernel kernel = LinuxKernel.open(config.tunnel());
                NamespaceLock lock = real ? NamespaceLock.take() : null) {
            LOG.debug("took {}", lock);
            return run(kernel);
        } catch (Refusal e) {
            LOG.error("{}", e.text());
            return e.status();
        } catch (KernelException e) {
            LOG.error("{}", e.text());
            return Refusal.statusOf(e.errno());
        } catch (MembershipException | IOException e) {
            LOG.error("{}", e.getMessage());
            return Refusal.UNAVAILABLE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Refusal.UNAVAILABLE;
        } finally {
            ended.countDown();
        }
    }

    private int run(LinuxKernel linux)
            throws Refusal, KernelException, MembershipException, IOException, InterruptedException {
        // First: a user who may not write here may not read what is noted either, and is to be told once.
        Host.prepareRunDir(config.runDir());
        Before before = Before.in(config.stateDir());
        Kernel kernel = ground.apply(linux);
        if (real) {
            kernel = new NotingKernel(kernel, linux, before);
        }
        Host host = new Host(config, kernel, linux, before);
        try (Keys keys = keys()) {
            this.keys = keys;
            return run(linux, new Ground(kernel, host, before), keys);
        }
    }

    private Keys keys() throws Refusal {
        String credentials = System.getenv("CREDENTIALS_DIRECTORY");
        Path directory = credentials == null || credentials.isEmpty() ? null : Path.of(credentials);
        try {
            return new Keys(config.insecure() ? null : new KeyFile(config.keyFile(), directory));
        } catch (BadKeyFile e) {
            throw new Refusal(
                    Refusal.CONFIG, e.getMessage() + " (key-file), or set insecure for a trial without any key");
        }
    }

    private int run(LinuxKernel linux, Ground ground, Keys keys)
            throws Refusal, KernelException, MembershipException, IOException, InterruptedException {
        Kernel kernel = ground.kernel();
        Host host = ground.host();
        TunnelSettings links = host.links();
        AgentMetrics metrics = new AgentMetrics(
                build.version(), build.revision(), () -> kernel.counters(config.tunnel()), InstantSource.system());
        metrics.peerLimit(config.metricsPeerSeries());
        try (HttpServer http = new HttpServer(pages(metrics))) {
            http.bindUnix(config.runDir().resolve("onlink.sock"));
            if (config.http().isPresent()) {
                http.bindTcp(
                        config.http().get().address().toString(),
                        config.http().get().port());
            }
            try (Sentry sentry = real ? Sentry.choose(config) : Sentry.none()) {
                this.sentry = sentry;
                metrics.guard(sentry::state);
                metrics.perPeer(
                        series -> sentry.addTraffic(series, status.view().peers()));
                boolean nexthops = config.nexthops() == Config.Nexthops.AUTO;
                Reconciler reconciler = new Reconciler(kernel, links, nexthops, sentry.gate());
                host.setUp(reconciler);
                sentry.replaceOthers();
                watch = real ? new HostWatch(linux, links, ground.before()) : null;
                return join(linux, metrics, keys, new Tunnel(links, reconciler, host));
            }
        }
    }

    /** What the agent stands on: the kernel, or what a rehearsal makes of it, the host as it is and as it was. */
    private record Ground(Kernel kernel, Host host, Before before) {}

    /** The links as they are to be, who keeps the routes by them, and the host they are of. */
    private record Tunnel(TunnelSettings links, Reconciler reconciler, Host host) {}

    private int join(LinuxKernel kernel, AgentMetrics metrics, Keys keys, Tunnel tunnel)
            throws Refusal, KernelException, MembershipException, InterruptedException {
        TunnelSettings links = tunnel.links();
        Reconciler reconciler = tunnel.reconciler();
        Papers papers = Papers.read(config, links.nodeIp());
        StateFile state = new StateFile(config.stateDir());
        Advertisement self = advertisement(links, papers, state);
        Ipv4 bind = config.bind().orElse(links.nodeIp());
        List<String> seeds = config.seeds().stream().map(Seed::toString).toList();
        List<Advertisement> remembered = config.viewMaxAge().isZero() ? List.of() : ViewFile.read(config.stateDir());
        GossipSettings gossip = new GossipSettings(bind, config.gossipPort(), seeds, self, keys.keyring(), remembered);
        Convergence convergence = new Convergence(metrics::converged);
        Inbox inbox = new Inbox(mailbox, convergence, culprits, () -> paths);
        try (ViewFile view = new ViewFile(config.stateDir());
                AtomixMembership membership = new AtomixMembership(gossip, inbox);
                PathWatch paths =
                        real ? PathWatch.start(config, links, keys.keyring(), around(membership)) : PathWatch.none();
                KernelMonitor monitor = KernelMonitor.start(kernel, inbox);
                Guard.Watch ear = sentry.watch(mailbox::kernelChanged)) {
            metrics.node(self.name().text(), self.nodeIp(), self.subnets());
            Instruments instruments = new Instruments(metrics);
            instruments.keys(keys);
            instruments.membership(membership);
            instruments.kernel(kernel.counts(), monitor);
            this.paths = paths;
            paths.show(metrics);
            TurnHistory told = new TurnHistory(history, culprits);
            metrics.obstacles(this::obstacles);
            metrics.memory(() -> new MemoryCounts(status.remembered(), view.failures()));
            TurnMetrics counted = new TurnMetrics(metrics, config.tunnel());
            Agent agent = new Agent(
                    settings(self, links, papers),
                    new Agent.World(
                            reconciler,
                            membership,
                            mailbox,
                            System::nanoTime,
                            turn -> {
                                status = turn.status();
                                counted.count(turn);
                                convergence.turn(turn);
                                told.turn(turn, System.nanoTime());
                                look(turn, tunnel);
                                paths.turn(turn);
                                monitor.watch(turn.blocked());
                            },
                            claim -> state.keep(claim.generation(), claim.seniority(), claim.subnets()),
                            new Agent.Memory(remembered, config.viewMaxAge(), view::keep),
                            paths.mtuTo()));
            instruments.loops(agent, membership);
            membership.start();
            keys.watch(ring -> {
                membership.keyring(ring);
                paths.keyring(ring);
            });
            LOG.info(
                    "node {} at {} advertises {} (onlink {}, protocol 114, {} seeds)",
                    self.name(),
                    self.nodeIp(),
                    self.subnets(),
                    build.version(),
                    seeds.size());
            stopOnSignal();
            try {
                return end(agent.run(), membership, reconciler);
            } finally {
                LOG.debug("{} and {} end", monitor, ear);
            }
        }
    }

    /** What the prober may ask and tell beside the tunnel. */
    private Probing.Around around(AtomixMembership membership) {
        return new Probing.Around(
                mailbox::pathsChanged, sentry::strays, peer -> paths.alive(peer).ifPresent(membership::heard));
    }

    private int end(boolean leave, Membership membership, Reconciler reconciler) throws KernelException {
        if (!leave) {
            if (config.onStop() == Config.OnStop.LEAVE) {
                membership.leave();
            }
            LOG.info("stopping; this host's routes stay as they are");
            return moved ? Refusal.UNAVAILABLE : 0;
        }
        membership.leave();
        List<Failure> failures;
        try {
            failures = reconciler.withdraw();
        } catch (KernelException e) {
            left.complete(Answer.text(
                    500,
                    "left the mesh, but not all of onlink is gone from this host, as 'onlink cleanup' shows: "
                            + e.text()));
            throw e;
        }
        String text = failures.isEmpty()
                ? "left the mesh; this host's onlink routes are withdrawn"
                : failures.stream().map(Failure::toString).collect(Collectors.joining("; "));
        LOG.info("{}", text);
        left.complete(Answer.text(failures.isEmpty() ? 200 : 500, text));
        return failures.isEmpty() ? 0 : Refusal.UNAVAILABLE;
    }

    /** On SIGTERM or SIGINT the loop is told to stop, and the process waits until it has and all is closed. */
    private void stopOnSignal() {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            mailbox.stop();
                            try {
                                if (!ended.await(STOP_SECONDS, TimeUnit.SECONDS)) {
                                    LOG.warn("the agent did not end within {} s", STOP_SECONDS);
                                }
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        },
                        "shutdown"));
    }

    private Advertisement advertisement(TunnelSettings links, Papers papers, StateFile state) {
        long boot = new SecureRandom().nextLong() | 1;
        List<Ipv4Prefix> subnets = config.subnets().stream().sorted().toList();
        long generation = state.nextGeneration();
        long seniority = state.seniority(subnets);
        state.keep(generation, seniority, subnets);
        return new Advertisement(
                new NodeName(config.nodeName()),
                boot,
                generation,
                links.nodeIp(),
                config.gossipPort(),
                subnets,
                seniority,
                build.version(),
                papers.grant());
    }

    private AgentSettings settings(Advertisement self, TunnelSettings links, Papers papers) {
        Set<Ipv4> seeds = config.seeds().stream()
                .map(Seed::address)
                .flatMap(Optional::stream)
                .collect(Collectors.toSet());
        Rules rules = new Rules(config.overlay(), config.minPrefixLength(), papers.authority());
        return new AgentSettings(
                self, links, rules, seeds, config.hold(), config.massDepartureShare(), config.resync());
    }

    private List<Page> pages(AgentMetrics metrics) {
        return List.of(
                new Page("GET", "/livez", true, () -> Answer.text(200, "alive")),
                new Page(
                        "GET",
                        "/readyz",
                        true,
                        () -> status.ready()
                                ? Answer.text(200, "ready")
                                : Answer.lines(503, "not ready\n" + status.text())),
                Page.negotiated(
                        "/metrics",
                        true,
                        accept -> new Answer(200, metrics.contentType(accept), metrics.scrape(accept))),
                new Page("GET", "/v1/status", false, () -> Answer.lines(200, text())),
                new Page("GET", "/v1/history", false, () -> Answer.text(200, history.text())),
                new Page("GET", "/v1/history.json", false, () -> Answer.json(history.json())),
                new Page("GET", "/v1/paths", false, () -> Answer.lines(200, paths.text())),
                Page.later("POST", "/v1/leave", () -> {
                    mailbox.leave();
                    return left;
                }));
    }

    private Map<String, Integer> obstacles() {
        HostWatch host = watch;
        return host == null ? Map.of() : host.counts();
    }

    /** What of this host may change under a running agent, beside what the pass has looked at. */
    private void look(Turn turn, Tunnel tunnel) {
        HostWatch host = watch;
        Outcome outcome = turn.outcome();
        if (host == null || outcome == null) {
            return;
        }
        host.look(outcome, System.nanoTime());
        if (turn.trigger().equals("event")) {
            return;
        }
        try {
            tunnel.host().moved(outcome.dump(), tunnel.links()).ifPresent(now -> {
                LOG.error(
                        "the node IP {} has become {}: this agent ends, to be started anew with it",
                        tunnel.links().nodeIp(),
                        now);
                moved = true;
                mailbox.stop();
            });
        } catch (KernelException e) {
            LOG.debug("looking for the node IP: {}", e.text());
        }
    }

    private String text() {
        Keys now = keys;
        HostWatch host = watch;
        return (now == null ? "" : now.text())
                + sentry.text()
                + status.text()
                + (host == null ? "" : host.text())
                + paths.troubles();
    }
}
