package io.onlink.sim;

import io.onlink.inet.Ipv4Prefix;
import java.util.List;
import java.util.SplittableRandom;

/** What others do to a host's kernel, and how that fails. */
final class KernelFaults {
    private final World world;
    private final Faults faults;
    private final SplittableRandom random;

    KernelFaults(World world, Faults faults) {
        this.world = world;
        this.faults = faults;
        this.random = faults.random;
    }

    List<Runnable> kinds() {
        return List.of(
                this::drift,
                this::storm,
                this::foreign,
                this::refusal,
                this::brokenDumps,
                this::guardChanged,
                this::guardRefused);
    }

    /** Somebody's hand slips; put right within 3 s, if nothing else happens. */
    private void drift() {
        SimHost host = faults.any();
        if (host.power) {
            world.invariants().repairs(host, () -> slip(host));
        }
    }

    private void slip(SimHost host) {
        String subnet = faults.another(host).subnets.get(0).toString();
        String command = List.of(
                        "ip route del " + subnet,
                        "ip route replace " + subnet + " via 172.16.0.250 dev tunl0 proto 114 onlink",
                        "ip route add 10.42.99.0/24 via 172.16.0.250 dev tunl0 proto static onlink",
                        "ip link set tunl0 down",
                        "ip link set tunl0 mtu 1400",
                        "ip address flush dev tunl0",
                        "ip address add 10.42.77.7/32 dev tunl0",
                        "ip nexthop del id 11400000" + random.nextInt(1, 5),
                        "modprobe -r ipip")
                .get(random.nextInt(9));
        world.tell(() -> "at " + host + ": " + command);
        host.kernelWell.shaken(world.time().now());
        if (command.startsWith("modprobe")) {
            host.kernel.unload();
        } else {
            host.kernel.hand(command);
        }
    }

    /** So much happens that the kernel drops notifications: it says so when the socket is read again. */
    private void storm() {
        SimHost host = faults.any();
        ModelKernel kernel = host.kernel;
        world.tell(() -> "ENOBUFS at " + host);
        host.disturb(1);
        kernel.deafen();
        if (host.power) {
            slip(host);
        }
        faults.lasts(random.nextLong(2 * VirtualTime.SECOND), () -> {
            kernel.heard();
            host.disturb(-1);
        });
    }

    /** Another daemon has a route of a peer's prefix for a time. */
    private void foreign() {
        SimHost host = faults.any();
        if (!host.power) {
            return;
        }
        ModelKernel kernel = host.kernel;
        String subnet = faults.another(host).subnets.get(0).toString();
        String verb = random.nextBoolean() ? "add" : "replace";
        String route = subnet + " via 172.16.0.250 dev eth0 proto static" + (random.nextInt(3) == 0 ? " metric 5" : "");
        world.tell(() -> "at " + host + ": ip route " + verb + " " + route);
        host.disturb(1);
        kernel.hand("ip route " + verb + " " + route);
        faults.lasts(() -> {
            world.tell(() -> "at " + host + ": ip route del " + route);
            kernel.hand("ip route del " + route);
            host.disturb(-1);
        });
    }

    private void refusal() {
        SimHost host = faults.any();
        ModelKernel kernel = host.kernel;
        Ipv4Prefix subnet = faults.another(host).subnets.get(0);
        world.tell(() -> host + " refuses " + subnet);
        host.disturb(1);
        kernel.refuse(subnet);
        faults.lasts(() -> {
            kernel.refuse(null);
            host.disturb(-1);
        });
    }

    /** A firewall is reloaded, or somebody's hand slips: the guard is as it was within 3 s. */
    private void guardChanged() {
        SimHost host = faults.any();
        if (!host.power) {
            return;
        }
        int how = random.nextInt(3);
        world.tell(() -> "at " + host + ": "
                + List.of("nft flush ruleset", "a rule goes", "a stranger let in")
                        .get(how));
        world.invariants().guarding().repairs(host, () -> {
            switch (how) {
                case 0 -> host.guard.flush();
                case 1 -> host.guard.alter();
                default -> host.guard.widen();
            }
            host.kernel.told();
        });
    }

    /** The kernel takes no change of the guard: nothing else may change then. */
    private void guardRefused() {
        SimHost host = faults.any();
        ModelGuard guard = host.guard;
        world.tell(() -> host + " refuses changes of the guard");
        host.disturb(1);
        guard.refuse(true);
        faults.lasts(() -> {
            guard.refuse(false);
            host.disturb(-1);
        });
    }

    private void brokenDumps() {
        SimHost host = faults.any();
        world.tell(() -> "dumps are interrupted at " + host);
        host.kernelWell.shaken(world.time().now());
        host.kernel.breakDumps(random.nextInt(1, 6));
    }
}
