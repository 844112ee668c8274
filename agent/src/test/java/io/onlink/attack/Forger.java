package io.onlink.attack;

import io.onlink.seal.Key;
import io.onlink.seal.Keyring;
import io.onlink.seal.Outlet;
import io.onlink.seal.PacketRefusal;
import io.onlink.seal.Session;
import io.onlink.seal.Sessions;
import io.onlink.seal.Waiting;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Seals packets to a run as a member would, with a key that is not the mesh's. */
final class Forger {
    private static final InetSocketAddress HERE = new InetSocketAddress("172.31.7.2", 5114);

    private final Sessions sessions;
    private final List<Session> up = new ArrayList<>();
    private final List<byte[]> shaken = new ArrayList<>();

    /** One that says it is that run, to that run: it shakes hands with a twin of the victim of its own making. */
    Forger(long from, long to) {
        Keyring keys = Keyring.of(List.of(Key.parse(Key.newText(new SecureRandom()))));
        ArrayDeque<Runnable> under = new ArrayDeque<>();
        Sessions[] both = new Sessions[2];
        both[0] = sessions(keys, from, HERE, packet -> {
            shaken.add(packet.clone());
            under.add(() -> both[1].datagram(packet, packet.length, HERE, 1));
        });
        both[1] = sessions(
                keys,
                to,
                Stranger.TARGET,
                packet -> under.add(() -> both[0].datagram(packet, packet.length, Stranger.TARGET, 1)));
        sessions = both[0];
        sessions.reach(Stranger.TARGET, 0, 1, new Waiting() {
            @Override
            public void up(Session session) {
                up.add(session);
            }

            @Override
            public void lost(String why) {
                throw new AssertionError(why);
            }
        });
        while (!under.isEmpty()) {
            under.remove().run();
        }
    }

    private static Sessions sessions(Keyring keys, long boot, InetSocketAddress at, Consumer<byte[]> wire) {
        Outlet outlet = new Outlet() {
            @Override
            public void datagram(InetSocketAddress to, byte[] packet) {
                wire.accept(packet);
            }

            @Override
            public void message(Session from, byte[] text) {}

            @Override
            public void refused(PacketRefusal why, InetSocketAddress source, int keyId) {
                throw new AssertionError(why);
            }

            @Override
            public void opened(Session session) {}
        };
        return new Sessions(new Sessions.Self(boot, at, false), keys, outlet, new SecureRandom(), 0);
    }

    /** The packets that open a session. */
    List<byte[]> handshake() {
        return shaken;
    }

    byte[] seal(byte[] text) {
        return sessions.seal(up.get(0), text);
    }

    /** The packet with the id of another key. */
    static byte[] labelled(byte[] packet, int keyId) {
        return ByteBuffer.wrap(packet.clone()).putInt(1, keyId).array();
    }
}
