package io.onlink.seal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A network in memory that delivers when told to, keeps a copy of all that was sent, and loses what it is told to. */
final class Air {
    /** A packet under way. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Flight(InetSocketAddress from, InetSocketAddress to, byte[] packet) {
        Envelope.Type type() {
            return Envelope.type(packet);
        }
    }

    final Map<InetSocketAddress, Station> stations = new HashMap<>();
    final ArrayDeque<Flight> under = new ArrayDeque<>();
    final List<Flight> captured = new ArrayList<>();
    Predicate<Flight> lost = flight -> false;
    long now = TimeUnit.HOURS.toNanos(1);

    static InetSocketAddress at(int host) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) host}), 5114);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    static Keyring keys(String... names) {
        return Keyring.of(List.of(names).stream().map(Key::published).toList());
    }

    Station station(int host, long boot, String... keys) {
        Station station = new Station(host, boot, keys(keys));
        stations.put(at(host), station);
        return station;
    }

    /** Delivers everything, and what is sent because of it. */
    void settle() {
        while (!under.isEmpty()) {
            deliver(under.remove());
        }
    }

    void deliver(Flight flight) {
        Station there = stations.get(flight.to);
        if (there != null) {
            byte[] copy = flight.packet.clone();
            there.sessions.datagram(copy, copy.length, flight.from, now);
        }
    }

    List<String> types() {
        return captured.stream().map(flight -> flight.type().name()).toList();
    }

    /** An agent's end of it, with what has come out. */
    final class Station implements Outlet {
        final InetSocketAddress address;
        final long boot;
        final Sessions sessions;
        final List<String> heard = new ArrayList<>();
        final List<PacketRefusal> refused = new ArrayList<>();
        final List<String> lostWords = new ArrayList<>();
        int opened;

        private Station(int host, long boot, Keyring keys) {
            this.address = at(host);
            this.boot = boot;
            this.sessions = new Sessions(new Sessions.Self(boot, address, false), keys, this, new SecureRandom(), now);
        }

        void say(Station to, String text) {
            say(to.address, to.boot, text);
        }

        void say(InetSocketAddress to, long boot, String text) {
            sessions.reach(to, boot, now, new Waiting() {
                @Override
                public void up(Session session) {
                    sessions.send(session, text.getBytes(StandardCharsets.UTF_8), now);
                }

                @Override
                public void lost(String why) {
                    lostWords.add(text + ": " + why);
                }
            });
        }

        @Override
        public void datagram(InetSocketAddress to, byte[] packet) {
            Flight flight = new Flight(address, to, packet);
            captured.add(flight);
            if (!lost.test(flight)) {
                under.add(flight);
            }
        }

        @Override
        public void message(Session from, byte[] text) {
            heard.add(from.boot() + " " + new String(text, StandardCharsets.UTF_8));
        }

        @Override
        public void refused(PacketRefusal why, InetSocketAddress source, int keyId) {
            refused.add(why);
        }

        @Override
        public void opened(Session session) {
            opened++;
        }
    }
}
