package io.onlink;

import io.onlink.history.Culprits;
import io.onlink.history.Entry.What;
import io.onlink.history.History;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.peer.Departure;
import io.onlink.peer.NodeName;
import io.onlink.peer.Peer;
import io.onlink.peer.PeerView;
import io.onlink.peer.Rejection;
import io.onlink.route.Change;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tells the history what a turn of the loop changed, and why. One thread. */
final class TurnHistory {
    /** Repairs of one turn that get an entry of their own; the rest is a count. */
    private static final int REPAIRS = 16;

    /** Refusals that are remembered, so that none is told more than once a minute. */
    private static final int REFUSALS = 256;

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final History history;
    private final Culprits culprits;
    private Map<NodeName, Peer> before = Map.of();
    private Set<Refused> refused = Set.of();
    private final Map<Refused, Long> told = new LinkedHashMap<>();
    private final Map<NodeName, Departure> departed = new HashMap<>();
    private boolean guarded;

    private record Refused(String member, Rejection.Reason reason) {}

    TurnHistory(History history, Culprits culprits) {
        this.history = history;
        this.culprits = culprits;
    }

    void turn(Turn turn, long now) {
        guard(turn.members().guarded());
        departed.putAll(turn.news().departed());
        if (turn.outcome() == null) {
            return;
        }
        PeerView view = turn.outcome().view();
        Map<NodeName, Peer> peers = new LinkedHashMap<>();
        view.peers().forEach(peer -> peers.put(peer.name(), peer));
        peers.forEach((name, peer) -> compare(before.get(name), peer));
        before.forEach((name, peer) -> {
            if (!peers.containsKey(name)) {
                gone(peer, departed.get(name), view);
            }
        });
        before = peers;
        departed.clear();
        refusals(view.rejections(), now);
        repairs(turn.repairs(), now);
    }

    private void guard(int count) {
        if (guarded != count > 0) {
            guarded = count > 0;
            if (guarded) {
                String text = "most hosts asked are silent and no seed's host answers: the routes of lost peers stay";
                history.add(What.GUARDED, "", text, Map.of());
            } else {
                history.add(
                        What.RELEASED, "", "a host answers again: the peers that are lost are asked anew", Map.of());
            }
        }
    }

    private void compare(@Nullable Peer was, Peer is) {
        String name = is.name().text();
        if (was == null) {
            history.add(What.JOINED, name, "peer " + name + " joined: " + place(is), details(is));
            return;
        }
        if (!was.nodeIp().equals(is.nodeIp())) {
            Map<String, String> details = details(is);
            details.put("node_ip_before", was.nodeIp().toString());
            String text = "peer " + name + " moved from " + was.nodeIp() + " to " + is.nodeIp();
            history.add(What.READDRESSED, name, text, details);
        }
        if (!was.subnets().equals(is.subnets())) {
            Map<String, String> details = details(is);
            details.put("subnets_before", list(was.subnets()));
            String text = "peer " + name + " has " + list(is.subnets()) + " instead of " + list(was.subnets());
            history.add(What.RESIZED, name, text, details);
        }
    }

    private void gone(Peer peer, @Nullable Departure departure, PeerView view) {
        String name = peer.name().text();
        What what = What.WITHDRAWN;
        String why = view.rejections().stream()
                .filter(rejection -> rejection.member().equals(name))
                .findFirst()
                .map(rejection -> "is refused now: " + rejection.text())
                .orElse("claims nothing any more");
        if (departure != null) {
            what = switch (departure.cause()) {
                case LEFT -> What.LEFT;
                case SILENT -> What.DIED;
                case EXPIRED -> What.EXPIRED;
            };
            why = switch (departure.cause()) {
                case LEFT -> "left: it announced its leave";
                case SILENT -> "died: gossip lost it and its host is silent";
                case EXPIRED -> "is given up: gossip lost it, and its agent did not come back within the hold time";
            };
        }
        history.add(what, name, "peer " + name + " " + why + "; it was " + place(peer), details(peer));
    }

    /** A member may flap: no refusal is told anew within a minute. */
    private void refusals(List<Rejection> rejections, long now) {
        Set<Refused> current = new HashSet<>();
        for (Rejection rejection : rejections) {
            Refused topic = new Refused(rejection.member(), rejection.reason());
            if (!current.add(topic) || refused.contains(topic)) {
                continue;
            }
            Long last = told.get(topic);
            if (last == null ? told.size() < REFUSALS : now - last >= MINUTE) {
                told.put(topic, now);
                String text = "claim of " + rejection.member() + " refused: " + rejection.text();
                Map<String, String> why = Map.of("reason", rejection.reason().label());
                history.add(What.REFUSED, rejection.member(), text, why);
            }
        }
        refused = current;
        told.entrySet().removeIf(entry -> !current.contains(entry.getKey()) && now - entry.getValue() >= MINUTE);
    }

    private void repairs(List<Change> repairs, long now) {
        repairs.stream().limit(REPAIRS).forEach(change -> repair(change, now));
        if (repairs.size() > REPAIRS) {
            int more = repairs.size() - REPAIRS;
            history.add(What.REPAIRED, "", "and " + more + " more repairs", Map.of("more", Integer.toString(more)));
        }
    }

    private void repair(Change change, long now) {
        Optional<Culprits.Culprit> culprit = culprits.of(destination(change), now);
        Map<String, String> details = new LinkedHashMap<>();
        details.put("repair", change.toString());
        details.put("kind", kind(change));
        culprit.filter(by -> by.port() != 0).ifPresent(by -> {
            details.put("pid", Long.toString(by.port()));
            details.put("command", by.command());
        });
        String peer = before.values().stream()
                .filter(one -> change.gateway().filter(one.nodeIp()::equals).isPresent())
                .findFirst()
                .map(one -> one.name().text())
                .orElse("");
        String by = culprit.map(one -> "by " + one).orElse("by whom the kernel did not say");
        history.add(What.REPAIRED, peer, change + ": it was " + kind(change) + ", " + by, details);
    }

    private static String kind(Change change) {
        return switch (change.operation()) {
            case "add" -> "missing";
            case "replace" -> "changed";
            case "delete" -> "extra";
            default -> "changed";
        };
    }

    private static @Nullable Ipv4Prefix destination(Change change) {
        if (change instanceof Change.AddRoute add) {
            return add.route().dst();
        }
        if (change instanceof Change.ReplaceRoute replace) {
            return replace.after().dst();
        }
        return change instanceof Change.DeleteRoute delete ? delete.route().dst() : null;
    }

    private static Map<String, String> details(Peer peer) {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("node_ip", peer.nodeIp().toString());
        details.put("subnets", list(peer.subnets()));
        return details;
    }

    private static String place(Peer peer) {
        return peer.nodeIp() + " with " + list(peer.subnets());
    }

    private static String list(List<Ipv4Prefix> subnets) {
        return subnets.stream().map(Ipv4Prefix::toString).collect(Collectors.joining(","));
    }
}
