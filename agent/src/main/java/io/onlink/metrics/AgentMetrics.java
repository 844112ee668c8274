package io.onlink.metrics;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * The agent's series. Fed by the agent's thread; {@link #scrape} may run on any other.
 *
 * <p>Besides our own there are {@code process_*} and {@code jvm_*}, in the names the Prometheus client gives them.
 */
public final class AgentMetrics {
    private static final double[] DURATION_BUCKETS = {.001, .005, .025, .1, .5, 2};
    private static final double NANOS_PER_SECOND = 1e9;

    private final PrometheusMeterRegistry meters =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), Clock.SYSTEM);
    private final ExpositionFormats formats = ExpositionFormats.init();
    private final InstantSource clock;
    private final ScrapeTime scrapeTime;
    private final PathSeries paths = new PathSeries();
    private final Histogram durations;
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
        registry.register(paths);
        this.durations = durations(registry);
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
        String errno = Metric.ROUTE_ERRORS.knows(0, failure.errno()) ? failure.errno() : Metric.Label.OTHER;
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

    /** Counts an overrun of the kernel's notifications (ENOBUFS). */
    public void overrun() {
        counter(Metric.NETLINK_OVERRUNS).increment();
    }

    /** Where the gossip counts come from, read at each scrape on the scraping thread; all 0 until then. */
    public void gossip(Supplier<GossipCounts> counts) {
        scrapeTime.gossip(counts);
    }

    /** Where the paths to peers and the counts of probes come from, read at each scrape on the scraping thread. */
    public void paths(Supplier<List<Path>> source, Supplier<Prober.Counts> counts) {
        paths.paths(source, counts);
    }

    /** Where the state of the keys comes from, read at each scrape on the scraping thread. */
    public void keys(Supplier<KeyState> keys) {
        scrapeTime.keys(keys);
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

    private static Histogram durations(PrometheusRegistry registry) {
        Metric.Label trigger = Metric.RECONCILE_DURATION.labels().get(0);
        Histogram histogram = Histogram.builder()
                .name(Metric.RECONCILE_DURATION.family())
                .help(Metric.RECONCILE_DURATION.help())
                .labelNames(trigger.name())
                .classicOnly()
                .classicUpperBounds(DURATION_BUCKETS)
                .register(registry);
        trigger.values().forEach(histogram::initLabelValues);
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
        counter(Metric.NETLINK_OVERRUNS);
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
