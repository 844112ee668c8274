package io.onlink.config;

import io.onlink.config.Config.LogFormat;
import io.onlink.config.Config.LogLevel;
import io.onlink.config.Config.Nexthops;
import io.onlink.config.Config.OnStop;
import io.onlink.config.Config.PacketGuard;
import io.onlink.config.Values.Located;
import io.onlink.inet.Ipv4Prefix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes a {@link Config} of flags, environment, file and defaults, each setting from the first of them that has it. */
public final class ConfigReader {
    private static final Path DEFAULT_FILE = Path.of("/etc/onlink/onlink.yaml");
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    /** Names that hosts have when nobody gave them one: every node would take them. */
    private static final Set<String> NO_NAMES = Set.of("", "(none)", "localhost", "localhost.localdomain");

    private final Path defaultFile;
    private final Path hostName;

    public ConfigReader() {
        this(DEFAULT_FILE, HOST_NAME);
    }

    ConfigReader(Path defaultFile, Path hostName) {
        this.defaultFile = defaultFile;
        this.hostName = hostName;
    }

    /**
     * Reads everything.
     *
     * @param flags {@code --key value} or {@code --key=value}
     * @param environment of which the {@code ONLINK_*} variables count
     * @throws BadConfig with every problem there is
     */
    public Config read(List<String> flags, Map<String, String> environment) throws BadConfig {
        Problems problems = new Problems();
        Given given = Flags.read(flags, EnumSet.allOf(Setting.class), problems);
        given.otherwise(Environment.read(environment, problems));
        boolean complete = addFile(given, problems);
        nameByHost(given, problems);
        given.otherwise(Given.defaults());
        Config config = config(new Values(given, problems), complete);
        problems.refuse();
        return config;
    }

    /**
     * Reads only where an agent is; what is wrong with other settings does not matter.
     *
     * @param allowed the settings that may be flags, and {@code config} with them
     * @throws BadConfig with every problem of these settings
     */
    public Place place(Set<Setting> allowed, List<String> flags, Map<String, String> environment) throws BadConfig {
        Set<Setting> wanted = EnumSet.of(Setting.CONFIG);
        wanted.addAll(allowed);
        Set<String> keys = wanted.stream().map(Setting::key).collect(Collectors.toSet());
        Problems problems = new Problems();
        Given given = Flags.read(flags, wanted, problems);
        Problems elsewhere = new Problems();
        given.otherwise(Environment.read(environment, elsewhere));
        addFile(given, elsewhere);
        given.otherwise(Given.defaults());
        Values values = new Values(given, elsewhere);
        Path runDir = values.one(Setting.RUN_DIR, Notation::runDir, Path.of("/"));
        Path stateDir = values.one(Setting.STATE_DIR, Notation::absolute, Path.of("/"));
        String tunnel = values.one(Setting.TUNNEL, Notation::linkName, "");
        elsewhere.list().stream().filter(p -> keys.contains(p.setting())).forEach(problems::add);
        problems.refuse();
        return new Place(runDir, stateDir, tunnel);
    }

    /** Returns false if there is a file that could not be read. */
    private boolean addFile(Given given, Problems problems) {
        if (given.of(Setting.CONFIG).isEmpty() && Files.exists(defaultFile)) {
            given.add(Setting.CONFIG, defaultFile.toString(), Given.DEFAULT);
        }
        Values values = new Values(given, problems);
        Optional<Path> file = values.one(Setting.CONFIG, text -> Optional.of(Notation.path(text)), Optional.empty());
        Optional<Given> settings = file.flatMap(path -> YamlFile.read(path, problems));
        settings.ifPresent(given::otherwise);
        return settings.isPresent() || !values.has(Setting.CONFIG);
    }

    private void nameByHost(Given given, Problems problems) {
        if (given.of(Setting.NODE_NAME).isPresent()) {
            return;
        }
        String name;
        try {
            name = Files.readString(hostName).strip();
        } catch (IOException e) {
            problems.add(Setting.NODE_NAME.key(), Given.DEFAULT, hostName + " cannot be read; set --node-name");
            return;
        }
        if (NO_NAMES.contains(name)) {
            problems.add(Setting.NODE_NAME.key(), Given.DEFAULT, "the host has no name of its own; set --node-name");
        } else {
            given.add(Setting.NODE_NAME, name, Given.DEFAULT);
        }
    }

    /** With a stand-in for every bad value, so that all of them are looked at. */
    private static Config config(Values values, boolean complete) {
        List<Located<Ipv4Prefix>> subnets = values.many(Setting.SUBNET, Config.MAX_PREFIXES, Ipv4Prefix::parse);
        List<Located<Seed>> seeds = values.many(Setting.SEED, Config.MAX_SEEDS, Seed::parse);
        List<Located<Ipv4Prefix>> overlay = values.many(Setting.OVERLAY_CIDR, Config.MAX_PREFIXES, Ipv4Prefix::parse);
        Config config = new Config(
                values.one(Setting.NODE_NAME, Notation::nodeName, ""),
                values.oneUnless("auto", Setting.NODE_IP, Notation::nodeIp),
                subnets.stream().map(Located::value).toList(),
                seeds.stream().map(Located::value).distinct().toList(),
                overlay.stream().map(Located::value).toList(),
                values.one(Setting.MIN_PREFIX_LENGTH, Notation::prefixLength, 0),
                values.oneUnless("none", Setting.AUTHORITY, Notation::absolute),
                values.oneUnless("none", Setting.GRANT, Notation::absolute),
                values.oneUnless("node-ip", Setting.BIND, Notation::listenAddress),
                values.one(Setting.GOSSIP_PORT, Notation::port, 0),
                values.one(Setting.KEY_FILE, Notation::absolute, Path.of("/")),
                values.one(Setting.INSECURE, Notation::yesNo, false),
                values.oneUnless("off", Setting.HTTP, Listen::parse),
                values.one(Setting.METRICS_PEER_SERIES, Notation::peerSeries, 0),
                values.one(Setting.TUNNEL, Notation::linkName, ""),
                values.one(Setting.MTU, Notation::mtu, OptionalInt.empty()),
                values.oneUnless("none", Setting.BRIDGE, Notation::linkName),
                values.one(Setting.NEXTHOPS, text -> Notation.choice(Nexthops.class, text), Nexthops.AUTO),
                values.one(Setting.GUARD, text -> Notation.choice(PacketGuard.class, text), PacketGuard.AUTO),
                values.one(Setting.PROBE, Notation::yesNo, true),
                values.one(Setting.PATH_MTU, Notation::yesNo, true),
                values.one(Setting.HOLD, Notation::duration, Duration.ZERO),
                values.one(Setting.MASS_DEPARTURE_SHARE, Notation::percentage, 100),
                values.one(Setting.RESYNC, Notation::duration, Duration.ZERO),
                values.one(Setting.VIEW_MAX_AGE, Notation::age, Duration.ZERO),
                values.one(Setting.ON_STOP, text -> Notation.choice(OnStop.class, text), OnStop.STAY),
                values.one(Setting.IP_FORWARD, Notation::yesNo, true),
                values.one(Setting.RUN_DIR, Notation::runDir, Path.of("/")),
                values.one(Setting.STATE_DIR, Notation::absolute, Path.of("/")),
                values.one(Setting.LOG_FORMAT, text -> Notation.choice(LogFormat.class, text), LogFormat.TEXT),
                values.one(Setting.LOG_LEVEL, text -> Notation.choice(LogLevel.class, text), LogLevel.INFO),
                values.effective());
        if (complete && !values.has(Setting.SUBNET)) {
            values.problem(Setting.SUBNET, "is required: the prefix behind this node, such as --subnet 10.42.1.0/24");
        }
        new Agreement(config, values).check(subnets, seeds);
        return config;
    }
}
