package io.onlink.route;

import static io.onlink.Seeded.pick;

import java.util.Random;

/** What people and other daemons do to a host's tables, drawn at random, as commands of iproute2. */
public final class Drift {
    private final Random random;
    private final String tunnel;

    /** The tunnel is a link besides eth0. */
    public Drift(Random random, String tunnel) {
        this.random = random;
        this.tunnel = tunnel;
    }

    /** Any command. */
    public String command() {
        return switch (random.nextInt(8)) {
            case 0, 1, 2, 3 -> route();
            case 4, 5 -> nexthop();
            case 6 -> "ip route del " + subnet();
            default -> link();
        };
    }

    private String route() {
        String verb = pick(random, "add", "add", "replace", "append");
        // Appended behind a foreign route ours would have its very key, which no dump of ours can tell.
        boolean metric = verb.equals("append") || random.nextInt(3) == 0;
        return "ip route " + verb + " " + subnet() + " via " + gateway() + " dev " + pick(random, tunnel, "eth0")
                + " proto " + pick(random, "114", "static") + (metric ? " metric 5" : "") + " onlink";
    }

    private String nexthop() {
        String id = "id " + (random.nextBoolean() ? 7 : DesiredTable.FIRST_NEXTHOP + random.nextInt(4));
        if (random.nextInt(3) == 0) {
            return "ip nexthop del " + id;
        }
        return "ip nexthop " + pick(random, "add", "replace") + " " + id + " via " + gateway() + " dev "
                + pick(random, tunnel, "eth0") + " onlink proto " + pick(random, "114", "static");
    }

    private String link() {
        return pick(
                random,
                "ip link set " + tunnel + " down",
                "ip link set " + tunnel + " up",
                "ip link set " + tunnel + " mtu 1400",
                "ip address flush dev " + tunnel,
                "ip address del 10.42.1.0/32 dev " + tunnel,
                "ip address add 10.42.1.7/32 dev " + tunnel);
    }

    /** One of few, so that they meet. */
    public String subnet() {
        return "10.42." + (2 + random.nextInt(6)) + ".0/24";
    }

    String gateway() {
        return "172.16.165." + (41 + random.nextInt(6));
    }

    /** Claims of a mesh of up to five nodes whose subnets and node IPs come, go and move between them. */
    public String claims() {
        StringBuilder claims = new StringBuilder();
        for (int node = 0; node < 5; node++) {
            if (random.nextInt(4) > 0) {
                claims.append((char) ('b' + node)).append(' ').append(gateway());
                for (int i = random.nextInt(2); i >= 0; i--) {
                    claims.append(' ').append(subnet());
                }
                claims.append(" @").append(1 + random.nextInt(9)).append('\n');
            }
        }
        return claims.toString();
    }
}
