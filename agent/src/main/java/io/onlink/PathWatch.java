package io.onlink;

import io.onlink.config.Config;
import io.onlink.metrics.AgentMetrics;
import io.onlink.netlink.TunnelSocket;
import io.onlink.peer.Advertisement;
import io.onlink.peer.Gossip;
import io.onlink.peer.NodeName;
import io.onlink.route.Outcome;
import io.onlink.route.TunnelSettings;
import io.onlink.seal.Keyring;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The probing of this run, if it probes at all: what it is told, and what is shown of it. Any thread. */
final class PathWatch implements AutoCloseable {
    private final @Nullable Probing probing;
    private final String tunnel;
    private final boolean sets;
    private volatile Gossip alive = Gossip.NONE;

    private PathWatch(@Nullable Probing probing, String tunnel, boolean sets) {
        this.probing = probing;
        this.tunnel = tunnel;
        this.sets = sets;
    }

    /** Probes nobody and answers nobody: what a rehearsal has. */
    static PathWatch none() {
        return new PathWatch(null, "", false);
    }

    /**
     * Starts as the settings have it.
     *
     * @param around whom the prober speaks with beside the tunnel
     */
    static PathWatch start(Config config, TunnelSettings links, Keyring keys, Probing.Around around) {
        if (!config.probe()) {
            return none();
        }
        TunnelSocket.Place place =
                new TunnelSocket.Place(config.tunnel(), links.subnet().base(), Probing.PORT);
        return new PathWatch(Probing.start(place, keys, around), config.tunnel(), config.pathMtu());
    }

    /** The MTU that routes to a peer are to have, 0 for the tunnel's; empty while that is not known. */
    Function<NodeName, OptionalInt> mtuTo() {
        Probing prober = probing;
        return prober == null || !sets ? PathTargets.TUNNEL_MTU : prober::mtuTo;
    }

    /** Who is alive by gossip. */
    void gossip(Gossip snapshot) {
        alive = snapshot;
    }

    /** Who is alive by gossip, by name; empty if there is no such node. */
    Optional<Advertisement> alive(NodeName name) {
        return alive.alive().stream().filter(peer -> peer.name().equals(name)).findFirst();
    }

    /** The run of an agent with that boot id says that our probes reach it. */
    void heardThere(long boot) {
        if (probing != null) {
            alive.alive().stream()
                    .filter(peer -> peer.boot() == boot)
                    .findFirst()
                    .ifPresent(peer -> probing.heardThere(peer.name()));
        }
    }

    void keyring(Keyring keys) {
        if (probing != null) {
            probing.keyring(keys);
        }
    }

    /** What a turn has found. */
    void turn(Turn turn) {
        Outcome outcome = turn.outcome();
        if (probing != null && outcome != null) {
            probing.peers(PathTargets.of(outcome, alive), PathTargets.tunnelMtu(outcome, tunnel));
        }
    }

    void show(AgentMetrics metrics) {
        if (probing != null) {
            metrics.paths(probing::paths, probing::counts);
            metrics.probing(probing::isUp);
        }
    }

    /** A line for each path. */
    String text() {
        return probing == null ? "no probes: probe is false, or the agent is starting\n" : probing.text();
    }

    /** A line for each path that is not ok. */
    String troubles() {
        return probing == null ? "" : probing.troubles();
    }

    @Override
    public void close() {
        if (probing != null) {
            probing.close();
        }
    }
}
