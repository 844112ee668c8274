package io.onlink.config;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What an agent is to do, checked and consistent. Each component is the {@link Setting} of its name.
 *
 * @param nodeName 1 to 63 characters of {@code A-Z a-z 0-9 . _ -}
 * @param nodeIp a unicast address; empty to detect it
 * @param subnets 1 to {@value #MAX_PREFIXES}, inside of the overlay and apart from one another, in the order given
 * @param seeds 0 to {@value #MAX_SEEDS}, in the order given, each once
 * @param overlay 1 to {@value #MAX_PREFIXES}
 * @param minPrefixLength 0 to 32
 * @param authority absolute; empty for none
 * @param grant absolute; empty for none, never while there is an authority
 * @param bind empty for the node IP
 * @param gossipPort 1 to 65535
 * @param keyFile absolute
 * @param insecure whether gossip goes without a key file
 * @param http empty for no HTTP over TCP
 * @param metricsPeerSeries 0 to 10000 peers
 * @param tunnel a link name
 * @param mtu 68 to 65535 bytes; empty to take it from the underlay
 * @param bridge a link name; empty for no bridge
 * @param probe whether peers are probed through the tunnel
 * @param pathMtu whether routes get the MTU that is measured
 * @param hold 1 s to 1 h
 * @param massDepartureShare 1 to 100 %
 * @param resync 1 s to 1 h
 * @param viewMaxAge 0, or 1 s to 168 h
 * @param runDir absolute, short enough for a socket in it
 * @param stateDir absolute
 * @param effective every setting as it is, in the order of {@link Setting}
 */
public record Config(
        String nodeName,
        Optional<Ipv4> nodeIp,
        List<Ipv4Prefix> subnets,
        List<Seed> seeds,
        List<Ipv4Prefix> overlay,
        int minPrefixLength,
        Optional<Path> authority,
        Optional<Path> grant,
        Optional<Ipv4> bind,
        int gossipPort,
        Path keyFile,
        boolean insecure,
        Optional<Listen> http,
        int metricsPeerSeries,
        String tunnel,
        OptionalInt mtu,
        Optional<String> bridge,
        Nexthops nexthops,
        PacketGuard guard,
        boolean probe,
        boolean pathMtu,
        Duration hold,
        int massDepartureShare,
        Duration resync,
        Duration viewMaxAge,
        OnStop onStop,
        boolean ipForward,
        Path runDir,
        Path stateDir,
        LogFormat logFormat,
        LogLevel logLevel,
        List<Effective> effective) {
    /** Most prefixes in one setting. */
    public static final int MAX_PREFIXES = 64;

    /** Most seeds. */
    public static final int MAX_SEEDS = 256;

    public Config {
        subnets = List.copyOf(subnets);
        seeds = List.copyOf(seeds);
        overlay = List.copyOf(overlay);
        effective = List.copyOf(effective);
    }

    /** Whether routes share nexthop objects. */
    public enum Nexthops {
        AUTO,
        NEVER
    }

    /** What keeps out tunnel packets that no peer may send. */
    public enum PacketGuard {
        AUTO,
        NFTABLES,
        TC,
        OFF
    }

    /** What SIGTERM tells the peers. */
    public enum OnStop {
        STAY,
        LEAVE
    }

    /** How log lines are written. */
    public enum LogFormat {
        TEXT,
        JSON
    }

    /** The least severe lines that are logged. */
    public enum LogLevel {
        ERROR,
        WARN,
        INFO,
        DEBUG
    }

    /**
     * One setting as it is.
     *
     * @param setting which
     * @param value as text, commas between several
     * @param origin where it came from, as in {@link Problem}
     */
    public record Effective(Setting setting, String value, String origin) {
        @Override
        public String toString() {
            return setting.key() + ": " + (value.isEmpty() ? "none" : value) + "  # " + origin;
        }
    }
}
