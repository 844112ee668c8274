package io.onlink.sim;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.membership.AdvertisementCodec;
import io.onlink.peer.Advertisement;
import io.onlink.peer.NodeName;
import io.onlink.peer.Rules;
import io.onlink.swim.Bytes;
import io.onlink.swim.Contact;
import io.onlink.swim.Member;
import io.onlink.swim.Message;
import io.onlink.swim.State;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One who has the mesh's key and lies: claims what is not its own, tells of deaths that were none, makes members up. A
 * name that is another's, and a rank before another's, are left out: against those there are grants.
 */
final class Liar {
    private static final int NUMBER = 200;

    private final World world;
    private final Faults faults;
    private final SplittableRandom random;
    private long boots = 1L << 60;

    Liar(World world, Faults faults) {
        this.world = world;
        this.faults = faults;
        this.random = faults.random;
    }

    List<Runnable> kinds() {
        return List.of(this::claim, this::obituary, this::crowd, this::rubbish);
    }

    private Bytes noise(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Bytes.of(bytes);
    }

    private Member member(Ipv4 at, long boot, Bytes payload) {
        return new Member(new Contact(at, 5114, boot), 0, State.ALIVE, payload, noise(Bytes.TOKEN_LENGTH), List.of());
    }

    /** An advertisement of a node at that address. */
    private Member claiming(Ipv4 nodeIp, List<Ipv4Prefix> subnets) {
        long boot = ++boots;
        boolean ranked = world.hosts().stream().allMatch(host -> host.version().ranks());
        long rank = ranked && random.nextBoolean() ? Rules.MAX_COUNT : 0;
        Advertisement claim =
                new Advertisement(new NodeName("zliar" + boot % 1000), boot, 1, nodeIp, 5114, subnets, rank, "liar");
        return member(SimHost.ip(NUMBER), boot, Bytes.of(AdvertisementCodec.encode(claim)));
    }

    private void tell(List<Member> lies) {
        world.invariants().lied();
        Contact self = new Contact(SimHost.ip(NUMBER), 5114, lies.get(0).boot());
        for (SimHost host : world.hosts()) {
            if (host.power && random.nextInt(3) > 0) {
                Contact to = new Contact(host.ip, 5114, 0);
                host.receive(to, self, new Message.News(lies));
            }
        }
    }

    private void claim() {
        SimHost victim = faults.any();
        Ipv4Prefix own = victim.subnets.get(0);
        List<Ipv4Prefix> wanted = List.of(
                Ipv4Prefix.parse("0.0.0.0/0"),
                Ipv4Prefix.parse("0.0.0.0/1"),
                Ipv4Prefix.parse("10.42.0.0/15"),
                Ipv4Prefix.parse("172.16.0.0/16"),
                Ipv4Prefix.of(victim.ip, 32),
                own,
                Ipv4Prefix.of(own.base(), 25),
                Ipv4Prefix.of(own.last(), 32),
                Ipv4Prefix.parse("10.42.200.0/24"));
        List<Ipv4Prefix> subnets = wanted.stream()
                .filter(prefix -> random.nextBoolean())
                .sorted()
                .distinct()
                .toList();
        Ipv4 nodeIp = random.nextInt(3) == 0 ? victim.ip : SimHost.ip(NUMBER);
        world.tell(() -> "a liar at " + nodeIp + " claims " + subnets);
        tell(List.of(claiming(nodeIp, subnets)));
    }

    /** Some are dead, or suspected, or have left, says the liar. */
    private void obituary() {
        List<Member> lies = new ArrayList<>();
        lies.add(claiming(SimHost.ip(NUMBER), List.of()));
        for (SimHost host : world.hosts()) {
            SimAgent agent = host.agent;
            if (agent != null && random.nextBoolean()) {
                Contact contact = new Contact(host.ip, 5114, agent.boot());
                long incarnation = random.nextInt(1 << random.nextInt(20));
                lies.add(
                        switch (random.nextInt(3)) {
                            case 0 -> new Member(contact, incarnation, State.DEAD, Bytes.EMPTY, Bytes.EMPTY, List.of());
                            case 1 ->
                                new Member(
                                        contact, incarnation, State.SUSPECT, Bytes.EMPTY, Bytes.EMPTY, List.of(1L, 2L));
                            default -> new Member(contact, incarnation, State.LEFT, Bytes.EMPTY, noise(16), List.of());
                        });
            }
        }
        world.tell(() -> "a liar tells of " + (lies.size() - 1) + " deaths");
        tell(lies);
    }

    /** Members that are nowhere. */
    private void crowd() {
        List<Member> lies = new ArrayList<>();
        for (int i = random.nextInt(1, 60); i > 0; i--) {
            lies.add(claiming(SimHost.ip(100 + random.nextInt(100)), List.of(Ipv4Prefix.parse("10.43.250.0/26"))));
        }
        world.tell(() -> "a liar makes up " + lies.size() + " members");
        tell(lies);
    }

    private void rubbish() {
        world.tell(() -> "a liar sends rubbish");
        tell(List.of(member(SimHost.ip(NUMBER), ++boots, noise(random.nextInt(Member.MAX_PAYLOAD)))));
    }
}
