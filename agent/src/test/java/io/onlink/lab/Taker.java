package io.onlink.lab;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.CountDownLatch;

/** Another program that has a port. Runs until it is killed. */
final class Taker {
    private Taker() {}

    /** The command of one that takes the port of the address, with {@code protocol} tcp or udp. */
    static String[] command(String protocol, String address, String port) {
        return Netns.java(Taker.class, protocol, address, port);
    }

    public static void main(String[] args) throws Exception {
        InetSocketAddress where = new InetSocketAddress(InetAddress.getByName(args[1]), Integer.parseInt(args[2]));
        try (AutoCloseable taken = args[0].equals("udp")
                ? new DatagramSocket(where)
                : new ServerSocket(where.getPort(), 1, where.getAddress())) {
            System.out.println(taken);
            new CountDownLatch(1).await();
        }
    }
}
