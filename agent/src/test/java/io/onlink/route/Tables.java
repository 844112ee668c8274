package io.onlink.route;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Tables and dumps from text, one route or nexthop object a line, in the words of their {@code toString}. */
final class Tables {
    private static final String ALTERED = " (altered)";

    private Tables() {}

    /** {@code 10.42.2.0/24 nhid 5 via 172.16.165.2 mtu lock 1280 advmss 1240 (altered)} or {@code id 5 via 172.16.165.2}. */
    static Table of(String lines) {
        List<Route> routes = new ArrayList<>();
        List<Nexthop> nexthops = new ArrayList<>();
        for (String line : lines.lines().filter(one -> !one.isBlank()).toList()) {
            boolean intact = !line.endsWith(ALTERED);
            String[] words = line.strip().replace(ALTERED, "").split(" ", -1);
            int via = Arrays.asList(words).indexOf("via");
            Ipv4 gateway = Ipv4.parse(words[via + 1]);
            int mtu = words.length > via + 4 ? Integer.parseInt(words[via + 4]) : 0;
            if (words[0].equals("id")) {
                nexthops.add(new Nexthop(Long.parseLong(words[1]), gateway, intact));
            } else {
                long nexthop = words[1].equals("nhid") ? Long.parseLong(words[2]) : 0;
                routes.add(new Route(Ipv4Prefix.parse(words[0]), gateway, nexthop, mtu, intact));
            }
        }
        return Table.of(routes, nexthops);
    }

    /** A kernel with nexthop objects that has this of ours, and nexthop objects of others. */
    static Dump dump(String lines, Long... foreign) {
        return new Dump(List.of(), of(lines), Set.of(foreign), true, true);
    }

    /** The table's lines. */
    static String text(Table table) {
        StringBuilder text = new StringBuilder();
        table.nexthops().forEach(nexthop -> text.append(nexthop).append('\n'));
        table.routes().forEach(route -> text.append(route).append('\n'));
        return text.toString();
    }
}
