package io.onlink;

import io.onlink.config.Config;
import io.onlink.grant.Authority;
import io.onlink.grant.Grant;
import io.onlink.grant.GrantToken;
import io.onlink.inet.Ipv4;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the mesh's authority has to do with this node.
 *
 * @param authority whose grants count here; empty if none is set
 * @param grant what this node shows to the others, none if it has none
 */
record Papers(Optional<Authority> authority, GrantToken grant) {
    private static final Logger LOG = LoggerFactory.getLogger(Papers.class);

    /**
     * Reads both files.
     *
     * @throws Refusal if one cannot be read, or the grant does not cover this node: every other node would refuse it
     */
    static Papers read(Config config, Ipv4 nodeIp) throws Refusal {
        Optional<Authority> authority = Optional.empty();
        if (config.authority().isPresent()) {
            Path file = config.authority().get();
            refuseWritable(file);
            authority = Optional.of(parse("authority", file, Authority.MAX_FILE, Authority::parse));
        }
        GrantToken grant = GrantToken.NONE;
        if (config.grant().isPresent()) {
            grant = parse("grant", config.grant().get(), GrantToken.MAX_FILE, GrantToken::parse);
        }
        if (authority.isPresent()) {
            check(config, nodeIp, authority.get().verify(grant));
            LOG.info(
                    "claims count only with a grant of authority {}",
                    authority.get().fingerprints());
        }
        return new Papers(authority, grant);
    }

    private static void check(Config config, Ipv4 nodeIp, Authority.Verdict verdict) throws Refusal {
        Grant granted = verdict.grant();
        String problem =
                granted == null ? verdict.problem() : granted.excess(config.nodeName(), nodeIp, config.subnets());
        if (!problem.isEmpty()) {
            throw new Refusal(
                    Refusal.CONFIG,
                    "grant: " + config.grant().map(Path::toString).orElse("none") + ": " + problem
                            + "; have the authority sign one for this node's name, node IP and subnets");
        }
    }

    /** Whoever may write the authority's public key may claim anything. */
    private static void refuseWritable(Path file) throws Refusal {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (permissions.contains(PosixFilePermission.GROUP_WRITE)
                    || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
                throw new Refusal(
                        Refusal.CONFIG, "authority: " + file + " may be written by others; chmod 644 " + file);
            }
        } catch (IOException | UnsupportedOperationException e) {
            throw unreadable("authority", file, e);
        }
    }

    private static <T> T parse(String setting, Path file, int most, Function<String, T> notation) throws Refusal {
        try {
            if (Files.size(file) > most) {
                throw new Refusal(Refusal.CONFIG, setting + ": " + file + " is longer than " + most + " bytes");
            }
            return notation.apply(Files.readString(file, StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw unreadable(setting, file, e);
        } catch (IllegalArgumentException e) {
            throw new Refusal(Refusal.CONFIG, setting + ": " + file + " " + e.getMessage());
        }
    }

    private static Refusal unreadable(String setting, Path file, Exception why) {
        return new Refusal(Refusal.CONFIG, setting + ": " + file + " cannot be read: " + why);
    }
}
