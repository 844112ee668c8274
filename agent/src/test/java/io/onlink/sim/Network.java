package io.onlink.sim;

import io.onlink.inet.Ipv4;
import io.onlink.peer.Verdict;
import io.onlink.swim.Contact;
import io.onlink.swim.Member;
import io.onlink.swim.Message;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The underlay: it loses, delays, reorders, repeats and is cut as it is told, each direction of each pair for itself. */
final class Network {
    /** Longest datagram; what is longer goes by stream, which repeats what is lost. */
    private static final int DATAGRAM = 1300;

    /** What a member takes beside its payload, about. */
    private static final int FIELDS = 50;

    private final World world;
    private final SplittableRandom random;
    private final int[][] cuts;
    private final Spell[][] paths;

    /** Whether all is as good as the promises ask of a network. */
    final Spell fair = new Spell(true);

    /** Whether hardly anything is lost: a fifth of all packets makes a living host seem silent once in 200 questions. */
    final Spell clean = new Spell(true);

    private double loss;
    private double twice;
    private long leastDelay = VirtualTime.MILLI / 10;
    private long mostDelay = 2 * VirtualTime.MILLI;

    /** Whether a router says at once that it has no way to the other side of a cut. */
    boolean routerTells;

    Network(World world, int hosts) {
        this.world = world;
        this.random = world.random().split();
        this.cuts = new int[hosts + 1][hosts + 1];
        this.paths = new Spell[hosts + 1][hosts + 1];
        for (int a = 1; a <= hosts; a++) {
            for (int b = a + 1; b <= hosts; b++) {
                paths[a][b] = new Spell(true);
                paths[b][a] = paths[a][b];
            }
        }
    }

    /** How much is lost and repeated, as shares of 1, and the longest delay one way, from now on. */
    void quality(double lost, double repeated, long delayed) {
        loss = lost;
        twice = repeated;
        mostDelay = delayed;
        boolean quick = delayed <= 300 * VirtualTime.MILLI;
        fair.set(quick && lost <= 0.2, world.time().now());
        clean.set(quick && lost <= 0.05, world.time().now());
    }

    /** Cuts the way from one to the other, once more. */
    void cut(SimHost from, SimHost to) {
        cuts[from.number][to.number]++;
        look(from, to);
    }

    /** Takes one cut back. */
    void mend(SimHost from, SimHost to) {
        cuts[from.number][to.number]--;
        look(from, to);
    }

    /** A host's power has gone or come. */
    void changed(SimHost host) {
        world.hosts().stream().filter(other -> other != host).forEach(other -> look(host, other));
    }

    /** A host has another address: whatever was well with it has to be found anew. */
    void moved(SimHost host) {
        world.hosts().stream()
                .filter(other -> other != host)
                .forEach(other -> path(host, other).shaken(world.time().now()));
    }

    private void look(SimHost a, SimHost b) {
        boolean clear = open(a, b) && open(b, a);
        paths[a.number][b.number].set(clear, world.time().now());
    }

    /** How the ways between the two have been. */
    Spell path(SimHost a, SimHost b) {
        return paths[a.number][b.number];
    }

    /** Whether no way between hosts that have power has been cut for so long, and hardly anything lost. */
    boolean whole(long length) {
        long now = world.time().now();
        if (clean.wellFor(now) < length) {
            return false;
        }
        List<SimHost> on = world.hosts().stream().filter(host -> host.power).toList();
        return on.stream()
                .allMatch(a -> on.stream().allMatch(b -> a == b || path(a, b).wellFor(now) >= length));
    }

    private boolean open(SimHost from, SimHost to) {
        return from.power && to.power && from.cable && to.cable && cuts[from.number][to.number] == 0;
    }

    /** Sends, from that host, as that run. */
    void send(SimHost from, Contact as, Contact to, Message message) {
        int size = size(message);
        boolean stream = size > DATAGRAM;
        world.time().note(((long) from.number << 40) + ((long) to.ip().bits() << 16) + size);
        SimHost there = host(to.ip());
        if (there == null || there == from || !open(from, there) || (!stream && random.nextDouble() < loss)) {
            return;
        }
        deliver(from, there, as, to, message, stream);
        if (!stream && twice > 0 && random.nextDouble() < twice) {
            deliver(from, there, as, to, message, false);
        }
    }

    private void deliver(SimHost from, SimHost there, Contact as, Contact to, Message message, boolean stream) {
        long delay = delay();
        world.time().in(stream ? 3 * delay : delay, () -> {
            if (open(from, there)) {
                there.receive(to, as, message);
            }
        });
    }

    /** Who has the address now. */
    @Nullable
    SimHost host(Ipv4 ip) {
        int number = SimHost.number(ip);
        boolean any = number > 0 && number <= world.hosts().size();
        SimHost host = any ? world.hosts().get(number - 1) : null;
        return host != null && host.ip.equals(ip) ? host : null;
    }

    /** What becomes of one SYN: an answer that is under way, silence, a router's word, or that it did not get out. */
    Verdict syn(SimHost from, Ipv4 where) {
        SimHost there = host(where);
        if (!from.cable) {
            return Verdict.NOT_ASKED;
        }
        if (there == null || !there.power) {
            return Verdict.SILENT;
        }
        if (!open(from, there) || !open(there, from)) {
            return routerTells && !open(from, there) ? Verdict.UNREACHABLE : Verdict.SILENT;
        }
        return random.nextDouble() < 1 - (1 - loss) * (1 - loss) ? Verdict.SILENT : Verdict.ANSWERED;
    }

    long roundTrip() {
        return delay() + delay();
    }

    private long delay() {
        return random.nextLong(leastDelay, mostDelay);
    }

    private static int size(Message message) {
        if (message instanceof Message.Ping ping) {
            return 10 + sum(ping.news());
        } else if (message instanceof Message.Ack ack) {
            return 20 + sum(ack.news());
        } else if (message instanceof Message.News news) {
            return 5 + sum(news.news());
        } else if (message instanceof Message.Digest digest) {
            return 100 + 8 * digest.hashes().size();
        } else if (message instanceof Message.Records records) {
            return 15 + sum(records.members());
        }
        return 30;
    }

    private static int sum(List<Member> members) {
        int sum = 0;
        for (Member member : members) {
            sum += FIELDS + member.payload().size();
        }
        return sum;
    }
}
