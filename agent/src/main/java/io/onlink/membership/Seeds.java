package io.onlink.membership;

import io.onlink.inet.Ipv4;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The seeds' names and what they resolve to. Resolving has a thread of its own, which ends when it has nothing to do.
 *
 * <p>A name that resolves no more is where it last was: a host that is cut off from its resolver too must not forget who
 * could tell it that it is cut off.
 */
final class Seeds {
    /** Most addresses taken of one name. */
    static final int MAX_ADDRESSES = 16;

    /** What knows the addresses of a name; may take its time. */
    interface Lookup {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Seeds.class);
    private static final long FIRST_BACKOFF_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LAST_BACKOFF_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final List<SeedName> seeds;
    private final Endpoint self;
    private final Lookup lookup;
    private final ThreadPoolExecutor resolver;
    private final AtomicBoolean resolving = new AtomicBoolean();

    /** Names that resolved to nothing when last asked; of the resolver's thread. */
    private final Set<SeedName> unresolved = new HashSet<>();

    /** The last answer of each name that ever had one; of the resolver's thread. */
    private final Map<SeedName, List<Ipv4>> answers = new HashMap<>();

    private volatile Set<Endpoint> known = Set.of();
    private volatile boolean allResolved;

    /** When to ask again and how long the last pause was; of the membership's thread. */
    private long due;

    private long backoff = FIRST_BACKOFF_NANOS;

    Seeds(List<String> texts, Endpoint self) {
        this(texts, self, InetAddress::getAllByName);
    }

    Seeds(List<String> texts, Endpoint self, Lookup lookup) {
        this.lookup = lookup;
        this.seeds = texts.stream().map(SeedName::parse).toList();
        this.self = self;
        this.resolver = new ThreadPoolExecutor(1, 1, 2, TimeUnit.SECONDS, new LinkedBlockingQueue<>(1), task -> {
            Thread thread = new Thread(task, "onlink-resolver");
            thread.setDaemon(true);
            return thread;
        });
        resolver.allowCoreThreadTimeOut(true);
        Set<Endpoint> literal = new LinkedHashSet<>();
        boolean every = true;
        for (SeedName seed : seeds) {
            try {
                literal.add(new Endpoint(Ipv4.parse(seed.host()), seed.port(), 0));
            } catch (IllegalArgumentException name) {
                every = false;
            }
        }
        literal.removeIf(this::isSelf);
        known = Set.copyOf(literal);
        allResolved = every;
    }

    /** Loopback too: many hosts have their own name there ({@code 127.0.1.1} in /etc/hosts). */
    private boolean isSelf(Endpoint seed) {
        boolean loopback = seed.ip().isLoopback() && !self.ip().isLoopback();
        return seed.port() == self.port() && (loopback || seed.ip().equals(self.ip()));
    }

    /** Where the seeds are, or last were, as far as known, without this node. */
    Set<Endpoint> endpoints() {
        return known;
    }

    /** Whether this node is the only seed, or none is named: there is nobody to wait for. */
    boolean onlySelf() {
        return allResolved && known.isEmpty();
    }

    /** Whether any seed has to be resolved. */
    boolean named() {
        return seeds.stream().anyMatch(seed -> !seed.host().matches("[0-9.]+"));
    }

    /**
     * Resolves anew when it is time; {@code changed} is told, on the resolver's thread, if that changed something.
     *
     * @return when to call again, in nanoseconds from now
     */
    long refresh(long now, boolean alone, Runnable changed) {
        if (now - due >= 0 && resolving.compareAndSet(false, true)) {
            resolveLater(now, alone, changed);
        }
        return Math.max(FIRST_BACKOFF_NANOS / 4, Math.min(due - now, alone ? FIRST_BACKOFF_NANOS : LAST_BACKOFF_NANOS));
    }

    private void resolveLater(long now, boolean alone, Runnable changed) {
        backoff = alone ? Math.min(backoff * 2, LAST_BACKOFF_NANOS) : LAST_BACKOFF_NANOS;
        // Full jitter, so that hosts which lost one resolver do not return to it as one.
        due = now + (alone ? ThreadLocalRandom.current().nextLong(backoff) : backoff);
        try {
            resolver.execute(() -> {
                try {
                    resolve(changed);
                } finally {
                    resolving.set(false);
                }
            });
        } catch (RejectedExecutionException closing) {
            resolving.set(false);
        }
    }

    private void resolve(Runnable changed) {
        Set<Endpoint> found = new LinkedHashSet<>();
        boolean every = true;
        for (SeedName seed : seeds) {
            List<Ipv4> now = lookUp(seed);
            if (!now.isEmpty()) {
                answers.put(seed, now);
            }
            List<Ipv4> addresses = answers.getOrDefault(seed, List.of());
            every &= !addresses.isEmpty();
            for (Ipv4 address : addresses) {
                found.add(new Endpoint(address, seed.port(), 0));
            }
        }
        found.removeIf(this::isSelf);
        if (!found.equals(known) || every != allResolved) {
            known = Set.copyOf(found);
            allResolved = every;
            changed.run();
        }
    }

    private List<Ipv4> lookUp(SeedName seed) {
        List<Ipv4> addresses = new ArrayList<>();
        try {
            for (InetAddress address : lookup.addresses(seed.host())) {
                if (address instanceof Inet4Address && addresses.size() < MAX_ADDRESSES) {
                    addresses.add(new Ipv4(ByteBuffer.wrap(address.getAddress()).getInt()));
                }
            }
        } catch (UnknownHostException e) {
            LOG.debug("seed {}: {}", seed, e.getMessage());
        }
        if (addresses.isEmpty() && unresolved.add(seed)) {
            LOG.warn(
                    "seed {} resolves to no IPv4 address{}; asked again until it does",
                    seed,
                    answers.containsKey(seed) ? " now, its last are kept" : "");
        } else if (!addresses.isEmpty() && unresolved.remove(seed)) {
            LOG.info("seed {} resolves to {}", seed, addresses);
        }
        return addresses;
    }

    void close() {
        resolver.shutdownNow();
    }
}
