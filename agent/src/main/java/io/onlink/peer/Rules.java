package io.onlink.peer;

import io.onlink.grant.Authority;
import io.onlink.grant.Grant;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.peer.Rejection.Reason;
import java.util.List;
import java.util.Optional;

/**
 * The mesh's rules, meant to be the same on every node: what they let pass is the same everywhere.
 *
 * @param overlay prefixes inside which subnets may be advertised
 * @param minPrefixLength the shortest prefix that may be advertised, in bits
 * @param authority who signs what a node may claim; empty if any member may claim anything
 */
public record Rules(List<Ipv4Prefix> overlay, int minPrefixLength, Optional<Authority> authority) {
    /** Highest generation and seniority believed: nobody counts this far, and there is room above to count on. */
    public static final long MAX_COUNT = 1L << 62;

    public Rules {
        overlay = List.copyOf(overlay);
    }

    /** Why a claim counts for nothing, whatever others claim; empty if it may contend. */
    public Optional<Rejection> refuse(Advertisement claim) {
        if (!counts(claim.generation()) || !counts(claim.seniority())) {
            return refused(claim, Reason.OVERFLOW, "its generation or seniority is beyond what anybody can have");
        }
        if (!claim.nodeIp().isUnicast()) {
            return refused(claim, Reason.NODE_IP, "node IP " + claim.nodeIp() + " is no unicast address");
        }
        return authority.flatMap(signer -> unsigned(claim, signer));
    }

    private static Optional<Rejection> unsigned(Advertisement claim, Authority signer) {
        if (claim.grant().isNone()) {
            return refused(claim, Reason.GRANT_MISSING, "node IP " + claim.nodeIp() + " shows no grant");
        }
        Authority.Verdict verdict = signer.verify(claim.grant());
        Grant grant = verdict.grant();
        if (grant == null) {
            return refused(claim, Reason.GRANT_BAD, verdict.problem());
        }
        String excess = grant.excess(claim.name().text(), claim.nodeIp(), claim.subnets());
        return excess.isEmpty() ? Optional.empty() : refused(claim, Reason.GRANT_EXCEEDED, excess);
    }

    private static Optional<Rejection> refused(Advertisement claim, Reason reason, String text) {
        return Optional.of(new Rejection(claim.name().text(), reason, text));
    }

    private static boolean counts(long number) {
        return number >= 0 && number <= MAX_COUNT;
    }
}
