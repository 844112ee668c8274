package io.onlink.peer;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Claims from text, for tests: {@code "b 172.16.165.244 10.42.2.0/24"}, with {@code @7} for a seniority of 7. */
public final class Claims {
    private Claims() {}

    /** One claim a line. */
    public static List<Advertisement> of(String lines) {
        return lines.lines().filter(line -> !line.isBlank()).map(Claims::one).toList();
    }

    /** One claim. */
    public static Advertisement one(String line) {
        String[] words = line.trim().split(" +", -1);
        long seniority = 1;
        int end = words.length;
        if (words[end - 1].startsWith("@")) {
            seniority = Long.parseLong(words[--end].substring(1));
        }
        List<Ipv4Prefix> subnets =
                Arrays.stream(words, 2, end).map(Ipv4Prefix::parse).toList();
        NodeName name = new NodeName(words[0]);
        return new Advertisement(
                name, name.hashCode() * 31L + 1, 1, Ipv4.parse(words[1]), 5114, subnets, seniority, "test");
    }

    /** A snapshot, complete, in which these are alive. */
    public static Gossip alive(String lines) {
        return new Gossip(of(lines), Set.of(), List.of(), true);
    }

    /** Host A of the seed page, on 172.16.165.0/24, with overlay 10.42.0.0/16. */
    public static Surroundings atA() {
        return new Surroundings(
                one("a 172.16.165.33 10.42.1.0/24"),
                new Rules(List.of(Ipv4Prefix.parse("10.42.0.0/16")), 8, Optional.empty()),
                Set.of(Ipv4Prefix.parse("172.16.165.0/24")),
                Set.of(Ipv4.parse("172.16.168.113")));
    }
}
