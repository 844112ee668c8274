package io.onlink.grant;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Authorities and grants by name, for tests: {@code Grants.of("ours").token("b 172.16.165.244 10.42.2.0/24")}. */
public final class Grants {
    private static final Map<String, AuthorityKey.Files> MADE = new ConcurrentHashMap<>();

    private final AuthorityKey.Files files;

    private Grants(AuthorityKey.Files files) {
        this.files = files;
    }

    /** The authority of that name, the same for the whole run. */
    public static Grants of(String authority) {
        return new Grants(MADE.computeIfAbsent(authority, name -> AuthorityKey.generate()));
    }

    String publicPem() {
        return files.publicPem();
    }

    /** What agents of the mesh have. */
    public Authority authority() {
        return Authority.parse(files.publicPem());
    }

    /** Name, node IP and subnets in one line, as in a claim. */
    static Grant grant(String line) {
        String[] words = line.trim().split(" +", -1);
        List<Ipv4Prefix> subnets =
                Arrays.stream(words).skip(2).map(Ipv4Prefix::parse).toList();
        return new Grant(words[0], List.of(Ipv4.parse(words[1])), subnets);
    }

    /** Signs that line. */
    public GrantToken token(String line) {
        return AuthorityKey.parse(files.privatePem()).sign(grant(line));
    }
}
