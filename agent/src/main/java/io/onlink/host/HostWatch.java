package io.onlink.host;

import io.onlink.inet.Ipv4;
import io.onlink.netlink.Firewall;
import io.onlink.netlink.HookChain;
import io.onlink.netlink.HostFiles;
import io.onlink.netlink.LinuxKernel;
import io.onlink.peer.Peer;
import io.onlink.route.KernelException;
import io.onlink.route.LinkPlan;
import io.onlink.route.Outcome;
import io.onlink.route.TunnelSettings;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks again and again at what of this host lets the mesh's packets pass, names what does not, and turns on forwarding
 * on the tunnel and the bridge where that is wanted.
 */
public final class HostWatch {
    /** At most so many peers' ways are looked up at once. */
    private static final int MOST_WAYS = 16;

    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final Logger LOG = LoggerFactory.getLogger(HostWatch.class);

    private final LinuxKernel kernel;
    private final TunnelSettings links;
    private final Before before;
    private final Set<String> refused = new HashSet<>();
    private boolean looked;
    private long lookedAt;
    private boolean blind;

    /** What stands in the way; read by other threads. */
    private volatile List<Obstacle> obstacles = List.of();

    /** Of a host with these links; whether to turn forwarding on is among their settings. */
    public HostWatch(LinuxKernel kernel, TunnelSettings links, Before before) {
        this.kernel = kernel;
        this.links = links;
        this.before = before;
    }

    /** Looks, at what costs more only if it has not just done so; the clock is monotonic, in nanoseconds. */
    public void look(Outcome outcome, long now) {
        // Each time: what is put off here nobody would come back to before the next resync.
        if (links.forwarding()) {
            forward(links.tunnel());
            forward(links.bridge());
        }
        if (looked && now - lookedAt < PAUSE_NANOS) {
            return;
        }
        looked = true;
        lookedAt = now;
        List<Obstacle> found = HostCheck.obstacles(facts(outcome));
        List<Obstacle> known = obstacles;
        found.stream().filter(one -> !known.contains(one)).forEach(one -> LOG.warn("host: {}", one.text()));
        known.stream().filter(one -> !found.contains(one)).forEach(one -> LOG.info("host: no longer: {}", one.text()));
        obstacles = found;
    }

    /** What stands in the way now; any thread. */
    public List<Obstacle> obstacles() {
        return obstacles;
    }

    /** How many of each sort; any thread. */
    public Map<String, Integer> counts() {
        Map<String, Integer> counts = new HashMap<>();
        obstacles.forEach(one -> counts.merge(one.kind().label(), 1, Integer::sum));
        return counts;
    }

    /** For people, a line each; any thread. */
    public String text() {
        StringBuilder text = new StringBuilder();
        obstacles.forEach(one -> text.append("host    ").append(one.text()).append('\n'));
        return text.toString();
    }

    /** The kernel asks the link a packet came by whether it is passed on; a link may be set apart from the others. */
    private void forward(String link) {
        String name = "conf/" + link + "/forwarding";
        if (link.isEmpty() || HostFiles.read(name).orElse(1) != 0) {
            return;
        }
        before.note(NotingKernel.SWITCH + name, "0");
        try {
            HostFiles.write(name, 1);
            LOG.info("sysctl -w net.ipv4.conf.{}.forwarding=1", link);
        } catch (IOException e) {
            if (refused.add(link)) {
                LOG.warn("cannot set net.ipv4.conf.{}.forwarding: {}", link, e.toString());
            }
        }
    }

    private Facts facts(Outcome outcome) {
        Map<String, Integer> forwarding = new HashMap<>();
        for (String link : List.of(links.tunnel(), links.bridge())) {
            OptionalInt on = link.isEmpty() ? OptionalInt.empty() : HostFiles.read("conf/" + link + "/forwarding");
            on.ifPresent(value -> forwarding.put(link, value));
        }
        String underlay = LinkPlan.underlay(outcome.dump(), links)
                .map(link -> link.name())
                .orElse("");
        int filter = underlay.isEmpty()
                ? 0
                : HostCheck.effective(
                        HostFiles.read("conf/all/rp_filter").orElse(0),
                        HostFiles.read("conf/" + underlay + "/rp_filter").orElse(0));
        Map<Ipv4, String> detours = new HashMap<>();
        Map<Ipv4, Ipv4> sources = new HashMap<>();
        List<HookChain> chains = List.of();
        try {
            if (filter == HostCheck.STRICT) {
                detours.putAll(detours(outcome, underlay));
            }
            sources.putAll(sources(outcome));
            chains = Firewall.inTheWay(links.tunnel());
            blind = false;
        } catch (KernelException e) {
            if (!blind) {
                LOG.info("cannot look at this host's firewall: {}", e.text());
            }
            blind = true;
        }
        return new Facts(
                links.tunnel(),
                underlay,
                forwarding,
                filter,
                detours,
                sources,
                chains,
                HostFiles.hasLegacyFilter(),
                HostFiles.trackedPercent().orElse(0));
    }

    private Map<Ipv4, String> detours(Outcome outcome, String underlay) throws KernelException {
        Map<Ipv4, String> detours = new HashMap<>();
        for (Peer peer : outcome.view().peers().stream().limit(MOST_WAYS).toList()) {
            kernel.linkTo(peer.nodeIp())
                    .filter(link -> !link.equals(underlay))
                    .ifPresent(link -> detours.put(peer.nodeIp(), link));
        }
        return detours;
    }

    /** A tunnel without a local address, as the fallback is, leaves it to the route which source its packets have. */
    private Map<Ipv4, Ipv4> sources(Outcome outcome) throws KernelException {
        Map<Ipv4, Ipv4> sources = new HashMap<>();
        boolean fixed = outcome.dump()
                .link(links.tunnel())
                .filter(link -> !link.local().equals(Ipv4.ANY))
                .isPresent();
        for (Peer peer :
                outcome.view().peers().stream().limit(fixed ? 0 : MOST_WAYS).toList()) {
            kernel.sourceFor(peer.nodeIp())
                    .filter(source -> !source.equals(links.nodeIp()))
                    .ifPresent(source -> sources.put(peer.nodeIp(), source));
        }
        return sources;
    }
}
