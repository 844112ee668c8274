package io.onlink.sim;

import io.onlink.inet.Ipv4;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * What a run is to be: drawn from its seed.
 *
 * @param seed of all chance
 * @param hosts how many, 2 to 50
 * @param seedHosts how many of them are named as seeds, the first ones
 * @param faultPeriod mean time between two faults, in nanoseconds
 * @param length of the run, in nanoseconds of virtual time
 */
record Plan(long seed, int hosts, int seedHosts, long faultPeriod, long length) {
    /** How long the run goes on after the last fault: a hold, a detection, a resync, and a time without any write. */
    static final long CALM = 150 * VirtualTime.SECOND;

    static final long TEN_MINUTES = 600 * VirtualTime.SECOND;

    /**
     * Of any size up to the given, most of them small: of those up to 50 half have 4 at most, a fifth more than 16, and one in
     * 20 more than 37.
     */
    static Plan of(long seed, int mostHosts) {
        SplittableRandom random = new SplittableRandom(seed);
        int hosts = Math.min(mostHosts, (int) (2 * Math.pow((mostHosts + 1) / 2.0, square(random.nextDouble()))));
        int seeds = Math.min(hosts, random.nextInt(1, 4));
        long period = random.nextLong(3, 40) * VirtualTime.SECOND;
        return new Plan(seed, hosts, seeds, period, TEN_MINUTES);
    }

    private static double square(double x) {
        return x * x;
    }

    /** Of just that size. */
    static Plan sized(long seed, int hosts) {
        Plan any = of(seed, hosts);
        return new Plan(seed, hosts, any.seedHosts, any.faultPeriod, TEN_MINUTES);
    }

    /** A short one of few hosts, to which much happens in its first minute and a half: for tests. */
    static Plan brief(long seed) {
        SplittableRandom random = new SplittableRandom(~seed);
        int hosts = Math.min(random.nextInt(2, 7), random.nextInt(2, 7));
        long period = random.nextLong(2, 10) * VirtualTime.SECOND;
        return new Plan(seed, hosts, Math.min(hosts, random.nextInt(1, 4)), period, CALM + 90 * VirtualTime.SECOND);
    }

    /** When the last fault is over. */
    long calmFrom() {
        return length - CALM;
    }

    Set<Ipv4> seedAddresses() {
        Set<Ipv4> addresses = new TreeSet<>();
        for (int i = 1; i <= seedHosts; i++) {
            addresses.add(SimHost.ip(i));
        }
        return addresses;
    }
}
