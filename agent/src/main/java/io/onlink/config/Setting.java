package io.onlink.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Every setting of the agent, once. {@code GOSSIP_PORT} is the flag {@code --gossip-port}, the environment variable
 * {@code ONLINK_GOSSIP_PORT} and the YAML key {@code gossip-port}.
 */
public enum Setting {
    NODE_NAME(
            Form.one("NAME", "", "the host name"),
            "This node's name, unique in the mesh: 1 to 63 characters of A-Z a-z 0-9 . _ -.",
            "Leave it out if every host has a name of its own; set it where hosts are clones of one image."),
    NODE_IP(
            Form.one("ADDRESS", "", "auto"),
            "The underlay IPv4 address at which peers reach this node: the gateway of their routes to it.",
            "Leave it at auto, the source address of the route to the first seed; set it on a host with several"
                    + " addresses, and on the first node, which has no seed."),
    SUBNET(
            Form.many("PREFIX", "", "none, required"),
            "An IPv4 prefix behind this node, which every peer routes here; 1 to 64 of them.",
            "Give each node its own part of the overlay, such as 10.42.1.0/24; no two nodes may share an address."),
    SEED(
            Form.many("HOST[:PORT]", "", "none"),
            "A node to join the mesh through: an IPv4 address or DNS name, port 5114 if not given; at most 256.",
            "Two or three long-lived nodes, the same list on every node; the first node of a mesh needs none."),
    OVERLAY_CIDR(
            Form.many("PREFIX", "", "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10"),
            "What may be advertised: a subnet outside of these prefixes is refused, our own and a peer's; at most 64.",
            "The one prefix all subnets of the mesh are cut from, such as 10.42.0.0/16, keeps a peer's mistake small."),
    MIN_PREFIX_LENGTH(
            Form.one("LENGTH", "bits", "8"),
            "The shortest prefix that may be advertised, 0 to 32: a shorter one is refused, our own and a peer's.",
            "The length of the shortest subnet of the mesh, such as 24, the same on all nodes."),
    AUTHORITY(
            Form.one("FILE", "", "none"),
            "The public key of the authority that signs what a node may claim; with it, a claim without a grant is"
                    + " refused. Absolute path, or none.",
            "Set it on every node once every node has its grant; none where every holder of the cluster key is trusted."),
    GRANT(
            Form.one("FILE", "", "none"),
            "This node's grant, as 'onlink authority sign' prints it. Absolute path, or none.",
            "The file the authority made for this node, which is no secret; needed where an authority is set."),
    BIND(
            Form.one("ADDRESS", "", "node-ip"),
            "The address that gossip listens at.",
            "Leave it at node-ip; 0.0.0.0 only to take gossip at every address of the host."),
    GOSSIP_PORT(
            Form.one("PORT", "TCP and UDP port", "5114"),
            "The port of gossip between nodes.",
            "Any free port, the same on all nodes by custom; open it between all nodes, TCP and UDP, and to nobody else."),
    KEY_FILE(
            Form.one("FILE", "", "/etc/onlink/key"),
            "The file with the mesh's keys, one a line as 'onlink keygen' prints them; the first seals, all open.",
            "Leave it there, the same file on every node, owned by root and mode 600; to change keys, add the new one"
                    + " last on every node, then put it first on every node, then take the old one away."),
    INSECURE(
            Form.one("BOOLEAN", "", "false"),
            "Whether to do without a key file: then whoever reaches the gossip port can change the routes of this host.",
            "Leave it at false; true for a trial on a network whose every host you trust."),
    HTTP(
            Form.one("ADDRESS:PORT", "TCP port", "127.0.0.1:5115"),
            "Where health and metrics are served over HTTP; off for nowhere.",
            "Leave it unless a scraper runs elsewhere; then the address of a trusted network, as anyone there may read."),
    METRICS_PEER_SERIES(
            Form.one("COUNT", "peers", "auto"),
            "Up to how many peers each peer has metrics of its own, 0 to 10000; above it none has; auto is 128.",
            "Leave it at auto; a mesh of n nodes has some 10 n^2 of them, which the Prometheus has to bear."),
    TUNNEL(
            Form.one("NAME", "", "tunl0"),
            "The IPIP tunnel link: 1 to 15 characters of A-Z a-z 0-9 . _ -.",
            "Leave it at tunl0, the link every kernel with ipip has; another name where something else uses tunl0."),
    MTU(
            Form.one("SIZE", "bytes", "auto"),
            "The tunnel's MTU, 68 to 65535; auto is the underlay's less 20 for the outer header.",
            "Leave it at auto; set it where the path between nodes carries less than the link of the node IP."),
    BRIDGE(
            Form.one("NAME", "", "none"),
            "A bridge to make for workloads, with the first address of the first subnet; none for no bridge.",
            "A name such as mybr0 on a host whose workloads have no network of their own yet."),
    NEXTHOPS(
            Form.one("WHEN", "", "auto"),
            "Whether routes share nexthop objects: auto (where the kernel has them) or never.",
            "Leave it at auto, which makes large meshes quicker; never if other software here cannot read such routes."),
    GUARD(
            Form.one("HOW", "", "auto"),
            "What keeps out tunnel packets that no peer may send: nftables, tc, auto (the first of them that the kernel"
                    + " can), or off.",
            "Leave it at auto; off only where a firewall of yours does it, for without one anybody's IPIP packets get in,"
                    + " or where the host has other ipip tunnels, whose packets it drops."),
    PROBE(
            Form.one("BOOLEAN", "", "true"),
            "Whether to probe the peers through the tunnel, about one small packet a second in all, and to answer their"
                    + " probes: UDP port 5116 of the tunnel's address.",
            "Leave it at true, on every node: a node that has it at false is not probed by its peers either."),
    PATH_MTU(
            Form.one("BOOLEAN", "", "true"),
            "Whether the routes to a peer get the MTU that the probes find, where its path carries less than the tunnel.",
            "Leave it at true, or large packets vanish where a path is narrow and does not say so; false if something"
                    + " else sets these metrics."),
    HOLD(
            Form.one("TIME", "ms, s, m or h", "60s"),
            "How long a peer's routes outlive its agent while its host still answers, 1s to 1h; a silent host's go at once.",
            "Longer than a restart of an agent takes, shorter than a stopped agent may go unnoticed."),
    MASS_DEPARTURE_SHARE(
            Form.one("PERCENT", "%", "50"),
            "If more than this share of the peers' hosts falls silent at once, and no seed's host answers, their routes"
                    + " stay until one answers; 1 to 100.",
            "Leave it; 100 lets all their routes go, where a wrong route is worse than none."),
    RESYNC(
            Form.one("TIME", "ms, s, m or h", "30s"),
            "How often all routes are compared with the kernel even though no event asks for it, 1s to 1h.",
            "Leave it; longer to save work on a host with very large tables. Drift is repaired by event in any case."),
    VIEW_MAX_AGE(
            Form.one("TIME", "ms, s, m or h", "24h"),
            "How long after its start an agent routes to the peers it knew before, while no member answers it: 1s to"
                    + " 168h, or 0s for not at all.",
            "Leave it: a host that comes up while all seeds are down has its routes at once. 0s where a wrong route is"
                    + " worse than none."),
    ON_STOP(
            Form.one("WHAT", "", "stay"),
            "What SIGTERM tells the peers: stay (they keep the routes for their hold time) or leave (they withdraw at"
                    + " once).",
            "stay for upgrades and restarts without loss; leave where a stopped agent means a host taken away."),
    IP_FORWARD(
            Form.one("BOOLEAN", "", "true"),
            "Whether to turn on net.ipv4.ip_forward, and forwarding on the tunnel and the bridge, without which no packet"
                    + " passes between tunnel and subnet; 'onlink cleanup' puts back what it was.",
            "Leave it at true; false where something else sets it and must be the only one: then it is checked only."),
    RUN_DIR(
            Form.one("PATH", "", "/run/onlink"),
            "Directory of the control socket onlink.sock; absolute, at most 95 bytes.",
            "Leave it; one per agent where several share a disk."),
    STATE_DIR(
            Form.one("PATH", "", "/var/lib/onlink"),
            "Directory of what survives a reboot; absolute.",
            "Leave it; one per agent where several share a disk."),
    LOG_FORMAT(
            Form.one("FORMAT", "", "text"),
            "How log lines are written to standard error: text or json.",
            "text for people and the journal, json for a log collector."),
    LOG_LEVEL(
            Form.one("LEVEL", "", "info"),
            "The least severe lines that are logged: error, warn, info or debug.",
            "info; debug while looking for a fault, as it writes lines for every gossip event."),
    CONFIG(
            Form.one("FILE", "", "/etc/onlink/onlink.yaml if it exists"),
            "The YAML file with settings, at most 64 KiB; flag and environment only.",
            "Leave it unless several agents share a disk.");

    /** How a value is written: {@code defaultText} is for people, and for the reader unless it is prose. */
    private record Form(String placeholder, String unit, String defaultText, boolean repeatable) {
        static Form one(String placeholder, String unit, String defaultText) {
            return new Form(placeholder, unit, defaultText, false);
        }

        static Form many(String placeholder, String unit, String defaultText) {
            return new Form(placeholder, unit, defaultText, true);
        }
    }

    private final String placeholder;
    private final String unit;
    private final String defaultText;
    private final boolean repeatable;
    private final String help;
    private final String choose;

    Setting(Form form, String help, String choose) {
        this.placeholder = form.placeholder();
        this.unit = form.unit();
        this.defaultText = form.defaultText();
        this.repeatable = form.repeatable();
        this.help = help;
        this.choose = choose;
    }

    /** The YAML key, such as {@code gossip-port}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The flag, such as {@code --gossip-port}. */
    public String flag() {
        return "--" + key();
    }

    /** The environment variable, such as {@code ONLINK_GOSSIP_PORT}. */
    public String variable() {
        return "ONLINK_" + name();
    }

    /** Whether it takes a list: the flag may be repeated, commas separate values, YAML may hold a sequence. */
    public boolean repeatable() {
        return repeatable;
    }

    /** What stands for the value in help, such as {@code PORT}. */
    public String placeholder() {
        return placeholder;
    }

    /** The unit of the value; empty if it has none. */
    public String unit() {
        return unit;
    }

    /** The default as people read it, such as {@code 5114} or {@code the host name}. */
    public String defaultText() {
        return defaultText;
    }

    /** What it is, with its range. */
    public String help() {
        return help;
    }

    /** How to choose a value. */
    public String choose() {
        return choose;
    }

    /** Whether a configuration file may hold it. */
    boolean inFile() {
        return this != CONFIG;
    }

    /** The default in the notation of the setting itself; empty if it has none that can be typed. */
    List<String> defaultValues() {
        if (this == NODE_NAME || this == SUBNET || this == SEED || this == CONFIG) {
            return List.of();
        }
        return repeatable() ? List.of(defaultText.split(",")) : List.of(defaultText);
    }

    static Optional<Setting> ofKey(String key) {
        return Arrays.stream(values()).filter(s -> s.key().equals(key)).findFirst();
    }
}
