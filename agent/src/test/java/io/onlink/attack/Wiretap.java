package io.onlink.attack;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;

/** Hears all gossip datagrams that pass a bridge, by a packet socket in the bridge's namespace. */
final class Wiretap implements AutoCloseable {
    private static final int AF_PACKET = 17;
    private static final int SOCK_DGRAM = 2;
    private static final int ETH_P_ALL_SWAPPED = 0x0300;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int UDP = 17;
    private static final int IP_HEADER = 20;
    private static final int UDP_HEADER = 8;

    /** A datagram as it passed. */
    record Heard(int from, int to, ByteBuffer payload) {
        byte[] bytes() {
            byte[] bytes = new byte[payload.capacity()];
            payload.get(0, bytes);
            return bytes;
        }

        /** 0 HELLO, 1 CHALLENGE, 2 CONFIRM, 3 MESSAGE. */
        int type() {
            return payload.get(0) & 0x0f;
        }

        /** The sender's boot id, which is in the clear. */
        long boot() {
            return payload.getLong(5);
        }
    }

    private final Set<Heard> heard = new LinkedHashSet<>();
    private final FutureTask<?> listening;
    private volatile boolean closed;

    Wiretap(String namespace) {
        listening = Inside.begin(namespace, () -> {
            listen();
            return null;
        });
    }

    private void listen() {
        int fd = Inside.LIBRARY.socket(AF_PACKET, SOCK_DGRAM, ETH_P_ALL_SWAPPED);
        byte[] tenthOfASecond = {0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xa0, (byte) 0x86, 1, 0, 0, 0, 0, 0};
        if (fd < 0 || Inside.LIBRARY.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, tenthOfASecond, 16) != 0) {
            throw new IllegalStateException("no packet socket; these tests need root");
        }
        byte[] packet = new byte[2048];
        while (!closed) {
            int length = (int) Inside.LIBRARY.recv(fd, packet, packet.length, 0);
            boolean gossip = length > IP_HEADER + UDP_HEADER
                    && packet[0] == 0x45
                    && packet[9] == UDP
                    && packet[22] == 5114 >> 8
                    && (packet[23] & 0xff) == (5114 & 0xff);
            if (gossip) {
                byte[] payload = Arrays.copyOfRange(packet, IP_HEADER + UDP_HEADER, length);
                synchronized (heard) {
                    heard.add(new Heard(packet[15], packet[19], ByteBuffer.wrap(payload)));
                }
            }
        }
        int unused = Inside.LIBRARY.close(fd);
    }

    /** All that went from one host to another so far. */
    List<Heard> between(int from, int to) {
        synchronized (heard) {
            return heard.stream()
                    .filter(one -> one.from == from && one.to == to)
                    .toList();
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            listening.get();
        } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
