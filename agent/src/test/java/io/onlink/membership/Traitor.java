package io.onlink.membership;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.lab.Netns;
import io.onlink.peer.Advertisement;
import io.onlink.peer.NodeName;
import io.onlink.seal.KeyFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A program that has the key and sends what it is given, and rubbish besides, properly sealed. Runs until it is killed. */
public final class Traitor {
    private static final int RUBBISH = 2000;
    private static final int AT_ONCE = 16;

    private Traitor() {}

    /** The command of one at 172.31.7.3 that sends each file of the directory to 172.31.7.1, and says when it is done. */
    public static String[] command(Path keyFile, Path texts) {
        return Netns.java(Traitor.class, keyFile.toString(), texts.toString());
    }

    public static void main(String[] args) throws Exception {
        Advertisement self = new Advertisement(
                new NodeName("h3"),
                3,
                1,
                Ipv4.parse("172.31.7.3"),
                5114,
                List.of(Ipv4Prefix.parse("10.42.3.0/24")),
                0,
                "traitor");
        GossipSettings settings =
                new GossipSettings(self.nodeIp(), 5114, List.of(), self, new KeyFile(Path.of(args[0]), null).read());
        Transport transport = new Transport(settings, new Traffic(), frame -> {});
        transport.open();
        CountDownLatch over = new CountDownLatch(1);
        new Sender(transport, texts(Path.of(args[1])), over).next();
        over.await();
        System.out.println("all is sent");
        new CountDownLatch(1).await();
    }

    /** The files, again and again between rubbish of all lengths, so that some goes by datagram and some by stream. */
    private static List<byte[]> texts(Path directory) throws Exception {
        List<byte[]> texts = new java.util.ArrayList<>();
        Random random = new Random(9);
        for (int i = 0; i < RUBBISH; i++) {
            byte[] rubbish = new byte[i % 100 == 0 ? 200_000 : random.nextInt(600)];
            random.nextBytes(rubbish);
            texts.add(rubbish);
        }
        try (var files = Files.list(directory)) {
            for (Path file : files.sorted().toList()) {
                byte[] text = Files.readAllBytes(file);
                texts.add(java.util.Arrays.copyOfRange(text, 1, text.length));
            }
        }
        return texts;
    }

    /** Sends some, and the next some a moment later. */
    private record Sender(Transport transport, List<byte[]> texts, CountDownLatch over, AtomicInteger at) {
        private static final Endpoint THERE = new Endpoint(Ipv4.parse("172.31.7.1"), 5114, 0);

        Sender(Transport transport, List<byte[]> texts, CountDownLatch over) {
            this(transport, texts, over, new AtomicInteger());
        }

        void next() {
            for (int i = 0; i < AT_ONCE && at.get() < texts.size(); i++) {
                transport.send(THERE, Frame.oneWay(Subject.MEMBERSHIP, texts.get(at.getAndIncrement())), lost -> {});
            }
            if (at.get() < texts.size()) {
                var unused = transport.loop().schedule(this::next, 20, java.util.concurrent.TimeUnit.MILLISECONDS);
            } else {
                over.countDown();
            }
        }
    }
}
