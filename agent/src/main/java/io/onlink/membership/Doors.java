package io.onlink.membership;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Who may hold a connection to us: strangers few and not for long, members one each. A stranger is whoever has not
 * sent a packet of a member yet. Of the event loop alone.
 */
final class Doors {
    /** Most strangers at one time; the first from where no member is known goes for the next, else the first. */
    static final int MAX_STRANGERS = 64;

    /** Most strangers of one address. */
    static final int MAX_STRANGERS_OF_ONE = 8;

    /** Most members; the one that came first goes for the next. */
    static final int MAX_MEMBERS = 512;

    /** Most bytes of unfinished packets on all connections; their buffers may be twice as long. */
    static final int MAX_UNFINISHED_BYTES = 4 << 20;

    /** A stranger's address, and whether a member is known there. */
    private record Caller(InetAddress address, boolean known) {}

    private final Map<Channel, Caller> strangers = new LinkedHashMap<>();
    private final Map<Long, Channel> members = new LinkedHashMap<>();

    /** Bytes of the unfinished packet of each connection that has one, the one that has it for longest first. */
    private final Map<Channel, Integer> unfinished = new LinkedHashMap<>();

    private long unfinishedBytes;

    /** Takes a stranger in; returns who has to go for it, which may be itself. */
    List<Channel> stranger(Channel channel, InetAddress source, boolean known) {
        List<Channel> same = strangers(caller -> caller.address.equals(source));
        strangers.put(channel, new Caller(source, known));
        List<Channel> go = new ArrayList<>();
        if (same.size() >= MAX_STRANGERS_OF_ONE) {
            go.add(same.get(0));
        } else if (strangers.size() > MAX_STRANGERS) {
            List<Channel> unknown = strangers(caller -> !caller.known);
            go.add(unknown.isEmpty() ? strangers.keySet().iterator().next() : unknown.get(0));
        }
        go.forEach(strangers::remove);
        return go;
    }

    /** The strangers of this kind, the one that came first at the front. */
    private List<Channel> strangers(Predicate<Caller> kind) {
        return strangers.entrySet().stream()
                .filter(stranger -> kind.test(stranger.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The stranger has turned out to be this member; returns who has to go for it. */
    List<Channel> member(Channel channel, long boot) {
        strangers.remove(channel);
        Channel former = members.remove(boot);
        List<Channel> go = new ArrayList<>();
        if (former != null) {
            go.add(former);
        } else if (members.size() >= MAX_MEMBERS) {
            Long first = members.keySet().iterator().next();
            Channel oldest = members.remove(first);
            if (oldest != null) {
                go.add(oldest);
            }
        }
        members.put(boot, channel);
        return go;
    }

    /** So much of a packet has come, 0 if none is begun; returns who has to go for it, which may be itself. */
    List<Channel> unfinished(Channel channel, int bytes) {
        note(channel, bytes);
        List<Channel> go = new ArrayList<>();
        while (unfinishedBytes > MAX_UNFINISHED_BYTES) {
            Channel oldest = unfinished.keySet().iterator().next();
            note(oldest, 0);
            go.add(oldest);
        }
        return go;
    }

    private void note(Channel channel, int bytes) {
        Integer before = bytes > 0 ? unfinished.put(channel, bytes) : unfinished.remove(channel);
        unfinishedBytes += bytes - (before == null ? 0 : before);
    }

    void gone(Channel channel) {
        note(channel, 0);
        strangers.remove(channel);
        members.values().remove(channel);
    }
}
