package io.onlink.metrics;

import io.onlink.guard.DropReason;
import io.onlink.host.Obstacle;
import io.onlink.peer.Rejection;
import io.onlink.seal.PacketRefusal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The one catalogue of the agent's series, in the order of the README. */
public enum Metric {
    BUILD_INFO(
            Type.INFO,
            "onlink_build_info",
            "Always 1; which build runs and on which Java",
            Label.open("version"),
            Label.open("revision"),
            Label.open("java")),
    NODE_INFO(
            Type.INFO,
            "onlink_node_info",
            "Always 1; which node this is, and its subnets, commas between several",
            Label.open("node"),
            Label.open("node_ip"),
            Label.open("subnet")),
    MEMBERS(
            Type.GAUGE,
            "onlink_members",
            "Other nodes: alive by gossip, held although gossip lost them because their kernel still answers, or left",
            Label.of("state", "alive", "held", "left")),
    MEMBERS_GUARDED(
            Type.GAUGE,
            "onlink_members_guarded",
            "Of the held, those kept by the mass-departure guard; above 0, this host may be cut off from the mesh"),
    MEMBERS_REMEMBERED(
            Type.GAUGE,
            "onlink_members_remembered",
            "Peers whose routes come from the last run's view alone; above 0 for long, no member answers this node"),
    STATE_WRITE_ERRORS(
            Type.COUNTER,
            "onlink_state_write_errors_total",
            "Times the view could not be written to the state directory; the next change tries again"),
    MEMBERS_SUSPECTED(
            Type.GAUGE,
            "onlink_members_suspected",
            "Of those alive by gossip, those under suspicion of being dead, which they may still refute"),
    MEMBER_EVENTS(
            Type.COUNTER,
            "onlink_member_events_total",
            "Members that came into view, left, were given up, changed, came back after that, or refuted a suspicion",
            Label.of("event", "join", "leave", "fail", "update", "flap", "refute")),
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
            Label.errno()),
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
    HOST_OBSTACLES(
            Type.GAUGE,
            "onlink_host_obstacles",
            "What on this host keeps packets of the mesh from passing, or may; the status page names each",
            new Label("kind", Obstacle.Kind.labels())),
    RECONCILE_DURATION(
            Type.HISTOGRAM,
            "onlink_reconcile_duration_seconds",
            "How long a pass took: dump, compare and apply",
            Label.of("trigger", "event", "timer", "netlink", "startup")),
    CONVERGENCE(
            Type.HISTOGRAM,
            "onlink_convergence_duration_seconds",
            "From when gossip brought the news of a member to when the kernel notified of its route added or deleted",
            Label.of("kind", "join", "leave")),
    RECONCILES(
            Type.COUNTER,
            "onlink_reconciles_total",
            "Passes; one with a refused change is an error, unless a foreign route is all that is in the way",
            Label.of("result", "ok", "error")),
    RECONCILE_LAST_SUCCESS(
            Type.GAUGE,
            "onlink_reconcile_last_success_timestamp_seconds",
            "When the last pass without an error ended, by the host's clock; 0 before the first"),
    NETLINK_OVERRUNS(
            Type.COUNTER,
            "onlink_netlink_overruns_total",
            "Times notifications of the kernel were lost, for want of buffer (ENOBUFS) or as they could not be read"),
    NETLINK_RESYNCS(
            Type.COUNTER,
            "onlink_netlink_resyncs_total",
            "Full passes made because notifications of the kernel were lost"),
    NETLINK_REQUESTS(
            Type.COUNTER,
            "onlink_netlink_requests_total",
            "Messages sent to the kernel, several in one system call",
            Label.of(
                    "type",
                    "get",
                    "newlink",
                    "newaddr",
                    "deladdr",
                    "newroute",
                    "delroute",
                    "newnexthop",
                    "delnexthop",
                    Label.OTHER)),
    NETLINK_ERRORS(
            Type.COUNTER,
            "onlink_netlink_errors_total",
            "Messages the kernel refused, those that hurt nothing included, and failures of the socket",
            Label.errno()),
    NETLINK_DUMP_RETRIES(
            Type.COUNTER,
            "onlink_netlink_dump_retries_total",
            "Dumps asked for again because the tables changed meanwhile"),
    LOOP_LAG(
            Type.GAUGE,
            "onlink_loop_lag_seconds",
            "How late a thread was at worst in the last minute or half: after a deadline, or for mail",
            Label.of("loop", "gossip", "reconcile")),
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
    TUNNEL_OVERHEAD(
            Type.COUNTER,
            "onlink_tunnel_overhead_bytes_total",
            "Bytes of outer headers, 20 a packet, which the underlay carries besides those of the packets",
            Label.direction()),
    PEER_ROUTE_INSTALLED(
            Type.GAUGE,
            "onlink_peer_route_installed",
            "1 if all routes to the peer are in the kernel, else 0",
            Label.peer()),
    PEER_UP(
            Type.GAUGE,
            "onlink_peer_up",
            "1 if the peer answers probes through the tunnel, 0 if it does not; missing while that is not known",
            Label.peer()),
    PEER_RTT(Type.GAUGE, "onlink_peer_rtt_seconds", "Round trip of probes through the tunnel, smoothed", Label.peer()),
    PEER_PROBE_LOSS(
            Type.GAUGE, "onlink_peer_probe_loss_ratio", "Share of the last 40 probes that were lost", Label.peer()),
    PEER_PATH_MTU(
            Type.GAUGE, "onlink_peer_path_mtu_bytes", "Largest packet inside the tunnel that passes", Label.peer()),
    PEER_VERDICT(
            Type.GAUGE,
            "onlink_peer_verdict",
            "1 for what is known of the path to the peer now; only that verdict has a series",
            Label.peer(),
            Label.open("verdict")),
    PATHS(
            Type.GAUGE,
            "onlink_paths",
            "Peers by what is known of the paths to them; there also while no peer has series of its own",
            Label.verdict()),
    PROBE_UP(
            Type.GAUGE,
            "onlink_probe_up",
            "1 if the prober has its socket on the tunnel, 0 if it cannot work; missing if probe is false"),
    PROBES_SENT(Type.COUNTER, "onlink_probe_sent_total", "Probes sent through the tunnel"),
    PROBES_ANSWERED(Type.COUNTER, "onlink_probe_answered_total", "Of those, the ones that were answered"),
    PROBES_SERVED(Type.COUNTER, "onlink_probe_served_total", "Probes of peers that were answered here"),
    GUARD_ACTIVE(
            Type.GAUGE,
            "onlink_guard_active",
            "1 if the packet guard stands, by the back end that keeps it, else 0; all 0 if guard is set to off",
            Label.of("backend", "nftables", "tc")),
    GUARD_DROPPED(
            Type.COUNTER,
            "onlink_guard_dropped_packets_total",
            "Packets the guard dropped since it was last written whole",
            new Label(
                    "reason",
                    Arrays.stream(DropReason.values()).map(DropReason::label).toList())),
    GUARD_REPAIRS(
            Type.COUNTER,
            "onlink_guard_repairs_total",
            "Times somebody else had changed or removed the guard, and it was put right"),
    PEER_RECEIVE_BYTES(
            Type.COUNTER,
            "onlink_peer_receive_bytes_total",
            "Bytes of tunnel packets from a peer that the guard let in, with outer header",
            Label.peer()),
    PEER_RECEIVE_PACKETS(
            Type.COUNTER,
            "onlink_peer_receive_packets_total",
            "Tunnel packets from a peer that the guard let in",
            Label.peer()),
    PEER_TRANSMIT_BYTES(
            Type.COUNTER,
            "onlink_peer_transmit_bytes_total",
            "Bytes of tunnel packets sent to a peer, with outer header",
            Label.peer()),
    PEER_TRANSMIT_PACKETS(
            Type.COUNTER, "onlink_peer_transmit_packets_total", "Tunnel packets sent to a peer", Label.peer()),
    PEER_SERIES_LIMITED(
            Type.GAUGE,
            "onlink_peer_series_limited",
            "1 if there are more peers than metrics-peer-series, so that no peer has series of its own, else 0"),
    GOSSIP_DATAGRAMS(Type.COUNTER, "onlink_gossip_datagrams_total", "Datagrams of gossip", Label.direction()),
    GOSSIP_BYTES(
            Type.COUNTER,
            "onlink_gossip_bytes_total",
            "Bytes of those datagrams, without IP and UDP headers",
            Label.direction()),
    GOSSIP_MESSAGES(
            Type.COUNTER,
            "onlink_gossip_messages_total",
            "Messages of the membership protocol, over UDP and TCP",
            Label.direction(),
            Label.messageKind()),
    GOSSIP_MESSAGE_BYTES(
            Type.COUNTER,
            "onlink_gossip_message_bytes_total",
            "Bytes of those messages that were sent, without frame, seal and IP and UDP headers",
            Label.messageKind()),
    GOSSIP_PROBES(
            Type.COUNTER,
            "onlink_gossip_probes_total",
            "Members asked whether they live: they answered, answered another that asked for us, or nobody did",
            Label.of("result", "direct", "indirect", "timeout")),
    GOSSIP_PROBE_RTT(
            Type.HISTOGRAM,
            "onlink_gossip_probe_rtt_seconds",
            "Round trip in the underlay to members whose first answer came to the first question"),
    GOSSIP_HEALTH_SCORE(
            Type.GAUGE,
            "onlink_gossip_health_score",
            "How unwell this node seems to itself, 0 to 4: late, or heard by nobody; it gives others more time then"),
    GOSSIP_QUEUE_MESSAGES(
            Type.GAUGE, "onlink_gossip_queue_messages", "Rumours that are still to be passed on to some members"),
    SEED_JOIN_ATTEMPTS(
            Type.COUNTER,
            "onlink_seed_join_attempts_total",
            "Knocks at seeds nobody was known at: somebody was there then, or nobody until the next",
            Label.of("result", "ok", "error")),
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
                    Arrays.stream(PacketRefusal.values())
                            .map(PacketRefusal::label)
                            .toList())),
    GOSSIP_UNKNOWN_KEY(
            Type.COUNTER,
            "onlink_gossip_unknown_key_total",
            "Packets from the address of a member that were sealed with a key we do not have",
            Label.open("address")),
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
            "1 if the key file cannot be used as it is now and an earlier state of it is in force, else 0"),
    GOSSIP_KEY_READ(
            Type.GAUGE,
            "onlink_gossip_key_read_timestamp_seconds",
            "When the key file was last read and could be used, by the host's clock; 0 without a key file"),
    LOG_EVENTS(
            Type.COUNTER,
            "onlink_log_events_total",
            "Lines logged that a person may have to look at",
            Label.of("level", "warn", "error"));

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
}
