package io.onlink.route;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The main table and the nexthop objects of a {@link FakeKernel}, with the rules of {@code net/ipv4/fib_trie.c} and
 * {@code nexthop.c} that matter to us; {@code FakeKernelTest} holds them against a real kernel.
 */
final class FakeTables {
    private static final Comparator<Fib> ORDER = Comparator.comparing(Fib::dst).thenComparingInt(Fib::metric);

    private final List<Fib> routes = new ArrayList<>();
    private final Map<Long, Hop> hops = new TreeMap<>();

    /** One route; its key is destination and metric. Of a route through a nexthop hop, device and gateway are its. */
    record Fib(Ipv4Prefix dst, int metric, String protocol, long nhid, Ipv4 gateway, String device, boolean onlink) {
        boolean sameKey(Fib other) {
            return dst.equals(other.dst) && metric == other.metric;
        }
    }

    /** One nexthop hop. */
    record Hop(long id, String protocol, Ipv4 gateway, String device) {}

    /** {@code NLM_F_CREATE|NLM_F_EXCL}. */
    String add(Fib route) {
        return routes.stream().anyMatch(route::sameKey) ? "EEXIST" : insert(route);
    }

    /** {@code NLM_F_CREATE|NLM_F_APPEND}: several may share a key, so long as they differ. */
    String append(Fib route) {
        return routes.contains(route) ? "EEXIST" : insert(route);
    }

    /** {@code NLM_F_CREATE} alone: the same, but before the others of its key. */
    String prepend(Fib route) {
        if (routes.contains(route)) {
            return "EEXIST";
        }
        if (resolvable(route)) {
            routes.add(0, route);
            routes.sort(ORDER);
            return "";
        }
        return "EINVAL";
    }

    /** {@code NLM_F_CREATE|NLM_F_REPLACE}: the first of that key goes, whosever it is. */
    String replace(Fib route) {
        for (int i = 0; i < routes.size(); i++) {
            if (routes.get(i).sameKey(route)) {
                if (routes.contains(route)) {
                    return routes.get(i).equals(route) ? "" : "EEXIST";
                }
                routes.set(i, resolvable(route) ? route : routes.get(i));
                return resolvable(route) ? "" : "EINVAL";
            }
        }
        return insert(route);
    }

    private String insert(Fib route) {
        if (!resolvable(route)) {
            return "EINVAL";
        }
        routes.add(route);
        routes.sort(ORDER);
        return "";
    }

    private boolean resolvable(Fib route) {
        return route.nhid() == 0 || hops.containsKey(route.nhid());
    }

    /** The first that fits goes. */
    String delete(Predicate<Fib> fits) {
        return routes.stream().filter(fits).findFirst().map(routes::remove).orElse(false) ? "" : "ESRCH";
    }

    String addHop(Hop hop) {
        return hops.putIfAbsent(hop.id(), hop) == null ? "" : "EEXIST";
    }

    /** It takes the protocol of whoever replaces it. */
    void replaceHop(Hop hop) {
        hops.put(hop.id(), hop);
    }

    /** Its routes go with it, without a word. */
    String deleteHop(long id) {
        routes.removeIf(route -> route.nhid() == id);
        return hops.remove(id) == null ? "ENOENT" : "";
    }

    /** Whether somebody else's route runs through it. */
    boolean carriesForeign(long id) {
        return routes.stream()
                .anyMatch(route -> route.nhid() == id && !route.protocol().equals("onlink"));
    }

    /** Whether somebody else's plain route goes out of the link. */
    boolean hasForeignOutOf(String device) {
        return foreign().stream()
                .anyMatch(route -> route.nhid() == 0 && route.device().equals(device));
    }

    /** The routes of others. */
    List<Fib> foreign() {
        return routes.stream()
                .filter(route -> !route.protocol().equals("onlink"))
                .toList();
    }

    /** The link is down: all that goes out of it goes, without a word. */
    void down(String device) {
        noAddress(device);
        hops.values().stream()
                .filter(hop -> hop.device().equals(device))
                .map(Hop::id)
                .toList()
                .forEach(this::deleteHop);
    }

    /** The link has lost its last address: plain routes go without a word, nexthop objects and their routes stay. */
    void noAddress(String device) {
        routes.removeIf(route -> route.nhid() == 0 && route.device().equals(device));
    }

    /** What the agent's dump says of it. */
    Table table(String tunnel) {
        List<Nexthop> nexthops = new ArrayList<>();
        for (Hop hop : hops.values()) {
            if (hop.protocol().equals("onlink")) {
                nexthops.add(new Nexthop(hop.id(), hop.gateway(), hop.device().equals(tunnel)));
            }
        }
        List<Route> ours = new ArrayList<>();
        for (Fib route : routes) {
            if (route.protocol().equals("onlink")) {
                ours.add(value(route, tunnel));
            }
        }
        return Table.of(ours, nexthops);
    }

    private Route value(Fib route, String tunnel) {
        if (route.nhid() == 0) {
            boolean intact = route.onlink() && route.device().equals(tunnel) && route.metric() == 0;
            return new Route(route.dst(), route.gateway(), 0, intact);
        }
        Hop hop = hops.get(route.nhid());
        boolean ours = hop.protocol().equals("onlink") && hop.device().equals(tunnel);
        return new Route(route.dst(), hop.gateway(), route.nhid(), ours && route.metric() == 0);
    }

    Set<Long> foreignHops() {
        Set<Long> foreign = new HashSet<>(hops.keySet());
        hops.values().stream().filter(hop -> hop.protocol().equals("onlink")).forEach(hop -> foreign.remove(hop.id()));
        return foreign;
    }

    /** As {@code ip route} prints it. */
    String routes() {
        return routes.stream().map(this::line).collect(Collectors.joining());
    }

    private String line(Fib route) {
        Hop hop = hops.get(route.nhid());
        Ipv4 gateway = hop == null ? route.gateway() : hop.gateway();
        boolean scopeLink = gateway.equals(Ipv4.ANY);
        return route.dst()
                + (route.nhid() == 0 ? "" : " nhid " + route.nhid())
                + (scopeLink ? "" : " via " + gateway)
                + " dev " + (hop == null ? route.device() : hop.device())
                + " proto " + route.protocol()
                + (scopeLink ? " scope link" : "")
                + (route.metric() == 0 ? "" : " metric " + route.metric())
                + (route.onlink() || hop != null ? " onlink" : "")
                + "\n";
    }

    /** As {@code ip nexthop} prints it. */
    String hops() {
        return hops.values().stream()
                .map(hop -> "id " + hop.id() + " via " + hop.gateway() + " dev " + hop.device() + " scope link proto "
                        + hop.protocol() + " onlink\n")
                .collect(Collectors.joining());
    }
}
