package io.onlink.lab;

import java.util.Collections;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Streams of IPIP packets between hosts, as the kernel's ipip would send them, for hosts whose tunnel is a cable. */
public final class Ipip implements AutoCloseable {
    private static final int BATCHES_A_SECOND = 4;

    private final Netns net;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "ipip");
        thread.setDaemon(true);
        return thread;
    });

    public Ipip(Netns net) {
        this.net = net;
    }

    /** From now on a workload of one host sends to one of another: so many packets four times a second. */
    public void stream(int from, int to, int packets, int bytes) {
        byte[] inner = Packets.udp("10.42." + from + ".5", "10.42." + to + ".5", "x".repeat(bytes));
        String there = "172.31.7." + to;
        byte[] packet = Packets.in("172.31.7." + from, there, inner);
        var unused = clock.scheduleAtFixedRate(
                () -> send(from, there, Collections.nCopies(packets, packet)),
                0,
                TimeUnit.SECONDS.toMillis(1) / BATCHES_A_SECOND,
                TimeUnit.MILLISECONDS);
    }

    private void send(int from, String there, Iterable<byte[]> packets) {
        try {
            Wire.send(net.ns(from), there, packets);
        } catch (Exception e) {
            throw new IllegalStateException("h" + from + " cannot send to " + there, e);
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        try {
            boolean ended = clock.awaitTermination(10, TimeUnit.SECONDS);
            if (!ended) {
                throw new IllegalStateException("a stream does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
