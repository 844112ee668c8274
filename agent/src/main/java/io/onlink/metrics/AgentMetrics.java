package io.onlink.metrics;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.probe.Path;
import io.onlink.probe.Prober;
import io.onlink.route.Failure;
import io.onlink.route.LinkCounters;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.instrumentation.jvm.JvmBufferPoolMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmRuntimeInfoMetric;
import io.prometheus.metrics.instrumentation.jvm.JvmThreadsMetrics;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * The agent's series. Fed by the agent's thread; {@link #scrape} may run on any other.
 *
 * <p>Besides our own there are {@code process_*} and {@code jvm_*}, in the names the Prometheus client gives them.
 */
public final class AgentMetrics {
    private static final double[] DURATION_BUCKETS = {.001, .005, .025, .1, .5, 2};
    private static final double[] CONVERGENCE_BUCKETS = {.01, .05, .1, .25, .5, 1, 2.5, 5, 10};
    private static final double[] RTT_BUCKETS = {.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1};
    private static final double NANOS_PER_SECOND = 1e9;

    private final PrometheusMeterRegistry meters =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), Clock.SYSTEM);
    private final ExpositionFormats formats = ExpositionFormats.init();
    private final InstantSource clock;
    private final ScrapeTime scrapeTime;
    private final PerPeer perPeer = new PerPeer();
    private final GuardSeries guardSeries = new GuardSeries();
    private final Readings readings = new Readings();
    private final Histogram durations;
    private final Histogram convergence;
    private final Histogram roundTrips;
    private volatile Gauges gauges = Gauges.NONE;
    private final AtomicBoolean scraped = new AtomicBoolean();
    private volatile long lastSuccessMillis;

    /**
     * Starts every series at 0.
     *
     * @param version the version of this build
     * @param revision its commit
     * @param tunnelCounters the tunnel's counters, read at each scrape on the scraping thread; must be quick, and answer
     *     {@link LinkCounters#ZERO} while there is no tunnel
     * @param clock the host's clock, for the time of the last good pass; nothing is decided by it
     */
    public AgentMetrics(String version, String revision, Supplier<LinkCounters> tunnelCounters, InstantSource clock) {
        this.clock = clock;
        String java = Runtime.version().toString();
        Labels build = Labels.of("version", version, "revision", revision, "java", java);
        this.scrapeTime = new ScrapeTime(build, tunnelCounters, () -> gauges);
        PrometheusRegistry registry = meters.getPrometheusRegistry();
        registry.register(scrapeTime);
        registry.register(perPeer);
        registry.register(guardSeries);
        registry.register(readings);
        this.durations = histogram(registry, Metric.RECONCILE_DURATION, DURATION_BUCKETS);
        this.convergence = histogram(registry, Metric.CONVERGENCE, CONVERGENCE_BUCKETS);
        this.roundTrips = histogram(registry, Metric.GOSSIP_PROBE_RTT, RTT_BUCKETS);
        registerGauges();
        registerCounters();
    }

    /** Counts a pass. */
    public void record(Pass pass) {
        durations.labelValues(pass.trigger()).observe(pass.nanos() / NANOS_PER_SECOND);
        counter(Metric.RECONCILES, pass.ok() ? "ok" : "error").increment();
        if (pass.ok()) {
            lastSuccessMillis = clock.millis();
        }
        pass.appliedByOp()
                .forEach((op, n) -> counter(Metric.ROUTE_OPERATIONS, op, "ok").increment(n));
        pass.driftByKind()
                .forEach((kind, n) -> counter(Metric.ROUTE_DRIFT_REPAIRS, kind).increment(n));
        pass.failures().forEach(this::count);
    }

    private void count(Failure failure) {
        String errno = Metric.ROUTE_ERRORS.knows(0, failure.errno()) ? failure.errno() : Label.OTHER;
        counter(Metric.ROUTE_ERRORS, errno).increment();
        String op = failure.change().operation();
        if (!op.isEmpty()) {
            counter(Metric.ROUTE_OPERATIONS, op, "error").increment();
        }
    }

    /** Replaces all gauges at once. */
    public void gauges(Gauges now) {
        gauges = now;
    }

    /** Counts a pass made because notifications of the kernel were lost. */
    public void resync() {
        counter(Metric.NETLINK_RESYNCS).increment();
    }

    /** The kernel has notified of a route, so long after the news it is due to; kind is join or leave. Any thread. */
    public void converged(String kind, long nanos) {
        convergence.labelValues(kind).observe(nanos / NANOS_PER_SECOND);
    }

    /** A member has answered after so long. Any thread. */
    public void roundTrip(long nanos) {
        roundTrips.observe(nanos / NANOS_PER_SECOND);
    }

    /** Which node this is. */
    public void node(String name, Ipv4 nodeIp, List<Ipv4Prefix> subnets) {
        String all = subnets.stream().map(Ipv4Prefix::toString).collect(Collectors.joining(","));
        scrapeTime.node(Labels.of("node", name, "node_ip", nodeIp.toString(), "subnet", all));
    }

    /**
     * Where the figures of a metric come from, read at each scrape on the scraping thread; all 0 until then.
     *
     * @param figures by the value of the label, of both joined by a slash if there are two
     */
    public void read(Metric metric, Supplier<? extends Map<String, ? extends Number>> figures) {
        readings.source(metric, figures);
    }

    /** Likewise for a metric without labels. */
    public void figure(Metric metric, DoubleSupplier figure) {
        readings.source(metric, () -> Map.of("", figure.getAsDouble()));
    }

    /** Where the gossip counts come from, read at each scrape on the scraping thread; all 0 until then. */
    public void gossip(Supplier<GossipCounts> counts) {
        scrapeTime.gossip(counts);
    }

    /** Where the counts of what stands in the way come from, by kind, read at each scrape on the scraping thread. */
    public void obstacles(Supplier<Map<String, Integer>> byKind) {
        scrapeTime.obstacles(byKind);
    }

    /** Where the counts of what is remembered come from, read at each scrape on the scraping thread. */
    public void memory(Supplier<MemoryCounts> counts) {
        scrapeTime.memory(counts);
    }

    /** Where the paths to peers and the counts of probes come from, read at each scrape on the scraping thread. */
    public void paths(Supplier<List<Path>> source, Supplier<Prober.Counts> counts) {
        perPeer(new PathSeries(source));
        read(
                Metric.PATHS,
                () -> source.get().stream()
                        .collect(Collectors.groupingBy(path -> path.verdict().label(), Collectors.counting())));
        figure(Metric.PROBES_SENT, () -> counts.get().sent());
        figure(Metric.PROBES_ANSWERED, () -> counts.get().answered());
        figure(Metric.PROBES_SERVED, () -> counts.get().served());
    }

    /** Whether the prober works, read at each scrape on the scraping thread; no series until then, for it need not run. */
    public void probing(BooleanSupplier up) {
        Gauge.builder(Metric.PROBE_UP.family(), () -> up.getAsBoolean() ? 1 : 0)
                .description(Metric.PROBE_UP.help())
                .register(meters);
    }

    /** Where the state of the keys comes from, read at each scrape on the scraping thread. */
    public void keys(Supplier<KeyState> keys) {
        scrapeTime.keys(keys);
    }

    /** Above so many peers, which may be 0, no peer has series of its own. */
    public void peerLimit(int most) {
        perPeer.limit(most);
    }

    /** Who the peers are; anybody else's per-peer series vanish. */
    public void peers(List<PeerRoutes> now) {
        perPeer.peers(now);
    }

    /** One more source of per-peer series, asked at each scrape. */
    public void perPeer(PeerSource source) {
        perPeer.source(source);
    }

    /** Where the state of the packet guard comes from, read at each scrape on the scraping thread. */
    public void guard(Supplier<GuardState> state) {
        guardSeries.from(state);
    }

    /** The page, in the format the Accept header asks for: OpenMetrics 1.0 or the Prometheus text format 0.0.4. */
    public String scrape(String acceptHeader) {
        if (scraped.compareAndSet(false, true)) {
            registerProcess(meters.getPrometheusRegistry());
        }
        return meters.scrape(acceptHeader);
    }

    /** The content type of {@link #scrape} for the same header. */
    public String contentType(String acceptHeader) {
        return formats.findWriter(acceptHeader).getContentType();
    }

    private static Histogram histogram(PrometheusRegistry registry, Metric metric, double... bounds) {
        Histogram histogram = Histogram.builder()
                .name(metric.family())
                .help(metric.help())
                .labelNames(metric.labels().stream().map(Label::name).toArray(String[]::new))
                .classicOnly()
                .classicUpperBounds(bounds)
                .register(registry);
        metric.labels().forEach(label -> label.values().forEach(histogram::initLabelValues));
        return histogram;
    }

    private void registerGauges() {
        gauge(Metric.MEMBERS, Tags.of("state", "alive"), Gauges::alive);
        gauge(Metric.MEMBERS, Tags.of("state", "held"), Gauges::held);
        gauge(Metric.MEMBERS, Tags.of("state", "left"), Gauges::left);
        gauge(Metric.MEMBERS_GUARDED, Tags.empty(), Gauges::guarded);
        gauge(Metric.ROUTES_DESIRED, Tags.empty(), Gauges::routesDesired);
        gauge(Metric.ROUTES_INSTALLED, Tags.empty(), Gauges::routesInstalled);
        gauge(Metric.ROUTE_CONFLICTS, Tags.of("reason", "foreign_proto"), Gauges::foreignConflicts);
        gauge(Metric.TUNNEL_UP, Tags.empty(), now -> now.tunnelUp() ? 1 : 0);
        gauge(Metric.TUNNEL_MTU, Tags.empty(), Gauges::tunnelMtu);
        Gauge.builder(Metric.RECONCILE_LAST_SUCCESS.family(), () -> lastSuccessMillis / 1e3)
                .description(Metric.RECONCILE_LAST_SUCCESS.help())
                .register(meters);
    }

    private void gauge(Metric metric, Tags tags, ToIntFunction<Gauges> figure) {
        Gauge.builder(metric.family(), () -> figure.applyAsInt(gauges))
                .description(metric.help())
                .tags(tags)
                .register(meters);
    }

    private void registerCounters() {
        for (String result : Metric.RECONCILES.labels().get(0).values()) {
            counter(Metric.RECONCILES, result);
            for (String op : Metric.ROUTE_OPERATIONS.labels().get(0).values()) {
                counter(Metric.ROUTE_OPERATIONS, op, result);
            }
        }
        Metric.ROUTE_ERRORS.labels().get(0).values().forEach(errno -> counter(Metric.ROUTE_ERRORS, errno));
        Metric.ROUTE_DRIFT_REPAIRS.labels().get(0).values().forEach(kind -> counter(Metric.ROUTE_DRIFT_REPAIRS, kind));
        counter(Metric.NETLINK_RESYNCS);
    }

    /** The counter of these label values, registered on first use. */
    private Counter counter(Metric metric, String... values) {
        Tags tags = Tags.empty();
        for (int i = 0; i < values.length; i++) {
            tags = tags.and(metric.labels().get(i).name(), values[i]);
        }
        return Counter.builder(metric.family())
                .description(metric.help())
                .tags(tags)
                .register(meters);
    }

    /**
     * At the first scrape, for they bring all of java.management along, which a start can do without.
     *
     * <p>A choice, for memory: native memory tracking and allocation listeners stay out.
     */
    private static void registerProcess(PrometheusRegistry registry) {
        ProcessMetrics.builder().register(registry);
        JvmRuntimeInfoMetric.builder().register(registry);
        JvmMemoryMetrics.builder().register(registry);
        JvmBufferPoolMetrics.builder().register(registry);
        JvmGarbageCollectorMetrics.builder().register(registry);
        JvmThreadsMetrics.builder().register(registry);
    }
}
