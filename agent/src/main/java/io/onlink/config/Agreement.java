package io.onlink.config;

import io.onlink.config.Values.Located;
import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import java.util.List;

/** Whether values that are each good agree with one another. A bad one is left out: it has its own problem. */
final class Agreement {
    /** A longer prefix has no address for a bridge beside the base address, which is the tunnel's. */
    private static final int LONGEST_BRIDGED = 30;

    private final Config config;
    private final Values values;

    Agreement(Config config, Values values) {
        this.config = config;
        this.values = values;
    }

    void check(List<Located<Ipv4Prefix>> subnets, List<Located<Seed>> seeds) {
        for (int i = 0; i < subnets.size(); i++) {
            Located<Ipv4Prefix> subnet = subnets.get(i);
            range(subnet);
            subnets.subList(0, i).stream()
                    .filter(other -> other.value().overlaps(subnet.value()))
                    .forEach(other -> problem(subnet, "overlaps subnet " + other.value()));
            own(subnet);
        }
        for (Located<Seed> seed : seeds) {
            seed.value().address().ifPresent(address -> outside(subnets, seed, address));
        }
        if (config.authority().isPresent() && config.grant().isEmpty() && values.good(Setting.GRANT)) {
            values.problem(
                    Setting.GRANT,
                    "is required with an authority, which refuses a node without one; 'onlink authority sign' makes it");
        }
        links();
        ports();
        keys();
    }

    private void range(Located<Ipv4Prefix> subnet) {
        Ipv4Prefix prefix = subnet.value();
        if (!prefix.base().isUnicast() || !prefix.last().isUnicast()) {
            problem(subnet, "holds addresses no host can have: 0/8, loopback, multicast or reserved ones");
        } else if (values.good(Setting.OVERLAY_CIDR)
                && config.overlay().stream().noneMatch(overlay -> overlay.contains(prefix))) {
            problem(subnet, "is outside of overlay-cidr " + join(config.overlay()));
        } else if (values.good(Setting.MIN_PREFIX_LENGTH) && prefix.length() < config.minPrefixLength()) {
            problem(subnet, "is shorter than min-prefix-length " + config.minPrefixLength());
        }
    }

    private void own(Located<Ipv4Prefix> subnet) {
        config.nodeIp()
                .filter(subnet.value()::contains)
                .ifPresent(
                        ip -> problem(subnet, "holds the node IP " + ip + "; the underlay cannot be in the overlay"));
        config.bind()
                .filter(subnet.value()::contains)
                .ifPresent(ip -> problem(subnet, "holds the bind address " + ip + "; gossip cannot go by the overlay"));
    }

    private void outside(List<Located<Ipv4Prefix>> subnets, Located<Seed> seed, Ipv4 address) {
        subnets.stream()
                .filter(subnet -> subnet.value().contains(address))
                .forEach(subnet -> values.problem(
                        Setting.SEED,
                        seed.origin(),
                        address + " is in our own subnet " + subnet.value() + "; give the seed's node IP"));
    }

    private void links() {
        if (config.bridge().isEmpty() || !values.good(Setting.BRIDGE)) {
            return;
        }
        if (values.good(Setting.TUNNEL) && config.bridge().get().equals(config.tunnel())) {
            values.problem(Setting.BRIDGE, "'" + config.tunnel() + "' is the tunnel");
        }
        if (!config.subnets().isEmpty() && config.subnets().get(0).length() > LONGEST_BRIDGED) {
            values.problem(
                    Setting.BRIDGE,
                    "subnet " + config.subnets().get(0) + " has no address for a bridge; it takes a /" + LONGEST_BRIDGED
                            + " or shorter");
        }
    }

    private void ports() {
        if (!values.good(Setting.GOSSIP_PORT, Setting.HTTP, Setting.BIND, Setting.NODE_IP)
                || config.http().isEmpty()
                || config.http().get().port() != config.gossipPort()) {
            return;
        }
        Ipv4 http = config.http().get().address();
        boolean same = config.bind()
                .or(config::nodeIp)
                .map(gossip -> gossip.equals(http) || gossip.equals(Ipv4.ANY))
                .orElse(false);
        if (same || http.equals(Ipv4.ANY)) {
            values.problem(
                    Setting.HTTP, "port " + config.gossipPort() + " is the gossip port; give one of them another");
        }
    }

    private void keys() {
        if (config.insecure() && !values.origin(Setting.KEY_FILE).equals(Given.DEFAULT)) {
            values.problem(Setting.INSECURE, "and key-file are both given; take one of them away");
        }
    }

    private void problem(Located<Ipv4Prefix> subnet, String text) {
        values.problem(Setting.SUBNET, subnet.origin(), subnet.value() + " " + text);
    }

    private static String join(List<Ipv4Prefix> prefixes) {
        return String.join(",", prefixes.stream().map(Ipv4Prefix::toString).toList());
    }
}
