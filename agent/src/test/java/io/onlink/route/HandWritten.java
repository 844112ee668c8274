package io.onlink.route;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A command of iproute2 in its words, as far as a {@link FakeKernel} understands it: {@code ip route add 10.42.2.0/24 via
 * 172.16.165.9 dev eth0 onlink proto static metric 5}.
 */
record HandWritten(String object, String verb, Map<String, String> words) {
    private static final List<String> FLAGS = List.of("onlink", "up", "down");

    static HandWritten parse(String command) {
        String[] parts = command.split(" ", -1);
        Map<String, String> words = new HashMap<>();
        int next = 3;
        boolean named = !parts[1].equals("nexthop") && !parts[next].equals("dev");
        if (named) {
            words.put("subject", parts[next++]);
        }
        while (next < parts.length) {
            String key = parts[next++];
            words.put(key, FLAGS.contains(key) ? "" : parts[next++]);
        }
        return new HandWritten(parts[1], parts[2], words);
    }

    boolean has(String word) {
        return words.containsKey(word);
    }

    String text(String word) {
        return words.getOrDefault(word, "");
    }

    long number(String word) {
        return Long.parseLong(words.getOrDefault(word, "0"));
    }

    private String protocol() {
        String protocol = words.getOrDefault("proto", "boot");
        return protocol.equals("114") ? "onlink" : protocol;
    }

    private Ipv4 gateway() {
        return has("via") ? Ipv4.parse(text("via")) : Ipv4.ANY;
    }

    FakeTables.Fib route() {
        return new FakeTables.Fib(
                Ipv4Prefix.parse(text("subject")),
                (int) number("metric"),
                protocol(),
                number("nhid"),
                gateway(),
                text("dev"),
                has("onlink"));
    }

    FakeTables.Hop hop() {
        return new FakeTables.Hop(number("id"), protocol(), gateway(), text("dev"));
    }

    /** Whether {@code ip route del} means that route: what it does not name may be anything. */
    boolean means(FakeTables.Fib route) {
        boolean path = number("nhid") != 0
                ? route.nhid() == number("nhid")
                : route.nhid() == 0 || (!has("via") && !has("dev"));
        return path
                && route.dst().equals(Ipv4Prefix.parse(text("subject")))
                && (!has("metric") || route.metric() == number("metric"))
                && (!has("proto") || route.protocol().equals(protocol()))
                && (!has("via") || route.gateway().equals(gateway()))
                && (!has("dev") || route.device().equals(text("dev")));
    }
}
