package io.onlink.metrics;

import io.onlink.peer.Rejection;
import io.onlink.seal.Refusal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The one catalogue of the agent's series, in the order of the README. */
enum Metric {
    BUILD_INFO(
            Type.INFO,
            "onlink_build_info",
            "Always 1; which build runs and on which Java",
            Label.open("version"),
            Label.open("revision"),
            Label.open("java")),
    MEMBERS(
            Type.GAUGE,
            "onlink_members",
            "Other nodes: alive by gossip, held although gossip lost them because their kernel still answers, or left",
            Label.of("state", "alive", "held", "left")),
    MEMBERS_GUARDED(
            Type.GAUGE,
            "onlink_members_guarded",
            "Of the held, those kept by the mass-departure guard; above 0, this host may be cut off from the mesh"),
    MEMBERSHIP_VIEW_INFO(
            Type.INFO,
            "onlink_membership_view_info",
            "Always 1; a hash of the nodes and prefixes this node believes in, the same on every node of a mesh at rest",
            Label.open("hash")),
    CLAIMS_REJECTED(
            Type.GAUGE,
            "onlink_claims_rejected",
            "Claims of other nodes that are refused now and get no route",
            new Label(
                    "reason",
                    Arrays.stream(Rejection.Reason.values())
                            .map(Rejection.Reason::label)
                            .toList())),
    ROUTES_DESIRED(Type.GAUGE, "onlink_routes_desired", "Routes there should be"),
    ROUTES_INSTALLED(
            Type.GAUGE,
            "onlink_routes_installed",
            "Desired routes that are in the kernel: found by its dump, or added since and not refused"),
    ROUTE_OPERATIONS(
            Type.COUNTER,
            "onlink_route_operations_total",
            "Changes of routes and nexthop objects asked of the kernel",
            Label.of("op", "add", "replace", "delete"),
            Label.of("result", "ok", "error")),
    ROUTE_ERRORS(
            Type.COUNTER,
            "onlink_route_errors_total",
            "Changes the kernel refused, those of the tunnel included, by the name of the error",
            Label.of(
                    "errno",
                    "EACCES",
                    "EBUSY",
                    "EEXIST",
                    "EINVAL",
                    "ENETDOWN",
                    "ENETUNREACH",
                    "ENOBUFS",
                    "ENODEV",
                    "ENOENT",
                    "ENOSPC",
                    "EOPNOTSUPP",
                    "EPERM",
                    "ESRCH",
                    Label.OTHER)),
    ROUTE_DRIFT_REPAIRS(
            Type.COUNTER,
            "onlink_route_drift_repairs_total",
            "Differences found between the kernel's routes and the desired ones that no change of the mesh explains",
            Label.of("kind", "missing", "changed", "extra")),
    ROUTE_CONFLICTS(
            Type.GAUGE,
            "onlink_route_conflicts",
            "Desired routes that stay out because a route of somebody else has their key",
            Label.of("reason", "foreign_proto")),
    RECONCILE_DURATION(
            Type.HISTOGRAM,
            "onlink_reconcile_duration_seconds",
            "How long a pass took: dump, compare and apply",
            Label.of("trigger", "event", "timer", "netlink", "startup")),
    RECONCILES(
            Type.COUNTER,
            "onlink_reconciles_total",
            "Passes; a pass with a refused change counts as error",
            Label.of("result", "ok", "error")),
    RECONCILE_LAST_SUCCESS(
            Type.GAUGE,
            "onlink_reconcile_last_success_timestamp_seconds",
            "When the last pass without an error ended, by the host's clock; 0 before the first"),
    NETLINK_OVERRUNS(
            Type.COUNTER,
            "onlink_netlink_overruns_total",
            "Times the kernel dropped notifications for want of buffer (ENOBUFS); each one causes a full pass"),
    TUNNEL_UP(Type.GAUGE, "onlink_tunnel_up", "1 if the tunnel is there and up, else 0"),
    TUNNEL_MTU(Type.GAUGE, "onlink_tunnel_mtu_bytes", "MTU of the tunnel: that of the underlay less 20; 0 if unknown"),
    TUNNEL_RECEIVE_BYTES(
            Type.COUNTER, "onlink_tunnel_receive_bytes_total", "Bytes of packets decapsulated, without outer header"),
    TUNNEL_RECEIVE_PACKETS(Type.COUNTER, "onlink_tunnel_receive_packets_total", "Packets decapsulated"),
    TUNNEL_RECEIVE_ERRORS(Type.COUNTER, "onlink_tunnel_receive_errors_total", "Bad packets received"),
    TUNNEL_RECEIVE_DROPPED(Type.COUNTER, "onlink_tunnel_receive_dropped_total", "Received packets dropped"),
    TUNNEL_TRANSMIT_BYTES(
            Type.COUNTER, "onlink_tunnel_transmit_bytes_total", "Bytes of packets encapsulated, without outer header"),
    TUNNEL_TRANSMIT_PACKETS(Type.COUNTER, "onlink_tunnel_transmit_packets_total", "Packets encapsulated"),
    TUNNEL_TRANSMIT_ERRORS(Type.COUNTER, "onlink_tunnel_transmit_errors_total", "Packets that could not be sent"),
    TUNNEL_TRANSMIT_DROPPED(Type.COUNTER, "onlink_tunnel_transmit_dropped_total", "Packets dropped before sending"),
    TUNNEL_TRANSMIT_CARRIER_ERRORS(
            Type.COUNTER,
            "onlink_tunnel_transmit_carrier_errors_total",
            "Packets with no way to the peer in the underlay"),
    TUNNEL_TRANSMIT_LOOPS(
            Type.COUNTER,
            "onlink_tunnel_transmit_loops_total",
            "Packets whose outer destination routes back into the tunnel (the kernel calls them collisions)"),
    PEER_UP(
            Type.GAUGE,
            "onlink_peer_up",
            "1 if probes through the tunnel to the peer are answered, else 0; not shown while there are over 128 peers",
            Label.open("peer")),
    PEER_RTT(
            Type.GAUGE,
            "onlink_peer_rtt_seconds",
            "Round trip of probes through the tunnel, smoothed",
            Label.open("peer")),
    PEER_PROBE_LOSS(
            Type.GAUGE,
            "onlink_peer_probe_loss_ratio",
            "Share of the last 40 probes through the tunnel that were not answered",
            Label.open("peer")),
    PEER_PATH_MTU(
            Type.GAUGE,
            "onlink_peer_path_mtu_bytes",
            "Largest packet inside of the tunnel that passes to the peer, as measured",
            Label.open("peer")),
    PEER_VERDICT(
            Type.GAUGE,
            "onlink_peer_verdict",
            "1 for what is known of the path to the peer now; only that verdict has a series",
            Label.open("peer"),
            Label.open("verdict")),
    PROBES_SENT(Type.COUNTER, "onlink_probe_sent_total", "Probes sent through the tunnel"),
    PROBES_ANSWERED(Type.COUNTER, "onlink_probe_answered_total", "Of those, the ones that were answered"),
    PROBES_SERVED(Type.COUNTER, "onlink_probe_served_total", "Probes of peers that were answered here"),
    GOSSIP_DATAGRAMS(
            Type.COUNTER,
            "onlink_gossip_datagrams_total",
            "Datagrams of gossip",
            Label.of("direction", "receive", "transmit")),
    GOSSIP_BYTES(
            Type.COUNTER,
            "onlink_gossip_bytes_total",
            "Bytes of those datagrams, without IP and UDP headers",
            Label.of("direction", "receive", "transmit")),
    GOSSIP_SESSIONS(Type.COUNTER, "onlink_gossip_sessions_total", "Sessions opened with runs of other agents"),
    GOSSIP_SUSPICIONS(
            Type.COUNTER,
            "onlink_gossip_suspicions_total",
            "Members that came under suspicion of being dead: silent to this node's own probe, or on another's word",
            Label.of("by", "own_probe", "others")),
    GOSSIP_LOST(
            Type.COUNTER,
            "onlink_gossip_lost_total",
            "Members that gossip gave up, silent and without an announced leave; their hosts are asked before a route goes"),
    GOSSIP_REJECTED(
            Type.COUNTER,
            "onlink_gossip_rejected_total",
            "Packets and connections of gossip that were thrown away",
            new Label(
                    "reason",
                    Arrays.stream(Refusal.values()).map(Refusal::label).toList())),
    GOSSIP_UNKNOWN_KEY(
            Type.COUNTER,
            "onlink_gossip_unknown_key_total",
            "Packets from the address of a member that were sealed with a key we do not have",
            Label.open("peer")),
    GOSSIP_SEALED(Type.GAUGE, "onlink_gossip_sealed", "1 if gossip is sealed with secret keys, 0 if insecure is set"),
    GOSSIP_KEY_INFO(
            Type.INFO,
            "onlink_gossip_key_info",
            "Always 1; the keys in force by their fingerprints, index 0 being the one that seals",
            Label.open("index"),
            Label.open("fingerprint")),
    GOSSIP_KEY_FILE_BAD(
            Type.GAUGE,
            "onlink_gossip_key_file_bad",
            "1 if the key file cannot be used as it is now and an earlier state of it is in force, else 0");

    private static final String COUNTER_SUFFIX = "_total";

    private final Type type;
    private final String series;
    private final String help;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<Label> labels;

    Metric(Type type, String series, String help, Label... labels) {
        this.type = type;
        this.series = series;
        this.help = help;
        this.labels = List.of(labels);
    }

    Type type() {
        return type;
    }

    /** The series as a scrape shows it; a histogram's without {@code _bucket}, {@code _sum} and {@code _count}. */
    String series() {
        return series;
    }

    String help() {
        return help;
    }

    List<Label> labels() {
        return labels;
    }

    /** The base unit that the name ends with, or nothing for plain numbers. */
    String unit() {
        String family = family();
        return List.of("seconds", "bytes").stream()
                .filter(unit -> family.endsWith("_" + unit))
                .findFirst()
                .orElse("");
    }

    /** The name without what the exposition adds by type: {@code _total}, {@code _info}. */
    String family() {
        String suffix = switch (type) {
            case COUNTER -> COUNTER_SUFFIX;
            case INFO -> "_info";
            case GAUGE, HISTOGRAM -> "";
        };
        return series.substring(0, series.length() - suffix.length());
    }

    /** Whether the value is one of the label's; {@code label} is its place, from 0. */
    boolean knows(int label, String value) {
        return labels.get(label).values().contains(value);
    }

    /** What a series is to Prometheus; an info is a gauge of 1 whose labels are the message. */
    enum Type {
        INFO,
        GAUGE,
        COUNTER,
        HISTOGRAM;

        @Override
        public String toString() {
            return this == INFO ? "gauge" : name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A label.
     *
     * @param name its name
     * @param values all its values, or empty where they are not known beforehand
     */
    record Label(String name, List<String> values) {
        /** Stands for every value that is not listed. */
        static final String OTHER = "other";

        static Label of(String name, String... values) {
            return new Label(name, List.of(values));
        }

        static Label open(String name) {
            return new Label(name, List.of());
        }
    }
}
