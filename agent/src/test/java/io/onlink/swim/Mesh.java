package io.onlink.swim;

import io.onlink.inet.Ipv4;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** Members on a network in virtual time: it loses, delays and reorders as it is told; one seed, one course of events. */
final class Mesh {
    static final long MILLI = 1_000_000;

    /** Longest datagram's members; what is longer goes by stream, which repeats what is lost. */
    private static final int DATAGRAM = 1300;

    /** Envelope, UDP, IP and Ethernet headers around a message, in bytes. */
    private static final int HEADERS = 87;

    /** One node: a member, and what can befall it. */
    final class Host {
        final int number;
        final Contact contact;
        final Swim swim;
        private final List<Event> waiting = new ArrayList<>();
        boolean down;
        boolean stalled;
        private long tickAt = Pace.NEVER;
        private long buried;

        Host(int number, long boot) {
            this.number = number;
            this.contact = new Contact(new Ipv4(0x0a000000 + number), 5114, boot);
            this.swim = new Swim(now, contact, text("h" + number), token(boot), new Random(random.nextLong()));
        }

        /** Whom it sees, as a list of host numbers. */
        List<Integer> sees() {
            return swim.members().stream()
                    .map(member -> member.contact().ip().bits() - 0x0a000000)
                    .sorted()
                    .toList();
        }

        /** How it knows the other; null if not as a member. */
        Member of(Host other) {
            return swim.member(other.contact.boot());
        }

        boolean says(Host other, Bytes payload) {
            Member member = of(other);
            return member != null && member.payload().equals(payload);
        }

        void seeds(Host... others) {
            swim.seeds(now, List.of(others).stream().map(host -> host.contact).toList());
            settle();
        }

        void advertise(String text) {
            swim.advertise(now, text(text));
            settle();
        }

        void leave() {
            swim.leave(now);
            settle();
            down = true;
        }

        void resume() {
            stalled = false;
            List<Event> late = List.copyOf(waiting);
            waiting.clear();
            late.forEach(event -> handle(event));
            swim.tick(now);
            settle();
        }

        /** Handles the oldest of what waits, no more than so many, does what is due, and stands still again. */
        void work(int most) {
            stalled = false;
            List<Event> first = List.copyOf(waiting.subList(0, Math.min(most, waiting.size())));
            waiting.subList(0, first.size()).clear();
            first.forEach(this::handle);
            swim.tick(now);
            settle();
            stalled = true;
        }

        private void handle(Event event) {
            boolean mine = event.to.equals(contact) || event.to.equals(contact.anyBoot());
            if (down || !mine) {
                return;
            }
            if (stalled) {
                waiting.add(event);
                return;
            }
            if (event.message == null) {
                if (event.at != tickAt) {
                    return;
                }
                tickAt = Pace.NEVER;
                swim.tick(now);
            } else {
                swim.receive(now, event.from, event.message);
            }
            settle();
        }

        /** Hands on what it sends, and comes again when it wishes. */
        void settle() {
            swim.drain().forEach(send -> transmit(this, send));
            long deadline = swim.deadline();
            if (deadline != Pace.NEVER && deadline != tickAt) {
                tickAt = Math.max(deadline, now);
                events.add(new Event(tickAt, order++, this, contact, contact, null));
            }
            if (swim.tally().buried() != buried) {
                buried = swim.tally().buried();
                burials.addAll(Mesh.this.buriedNow(this));
            }
        }

        @Override
        public String toString() {
            return "h" + number;
        }
    }

    private record Event(long at, long order, Host at0, Contact to, Contact from, Message message) {}

    final List<Host> hosts = new ArrayList<>();
    final Random random;
    final long seed;

    /** Burials of hosts that were up, as {@code h3 by h1 at 1200 ms}. */
    final List<String> burials = new ArrayList<>();

    private final PriorityQueue<Event> events =
            new PriorityQueue<>((a, b) -> a.at != b.at ? Long.compare(a.at, b.at) : Long.compare(a.order, b.order));
    private long order;
    long now = 1;
    double loss;
    long leastDelay = MILLI / 10;
    long mostDelay = MILLI;
    Predicate<Host[]> cut = pair -> false;
    Predicate<Message> swallow = message -> false;
    BiConsumer<Contact, Message> overhear = (to, message) -> {};
    long packets;
    long bytes;

    /** Bytes a member sent in a second of quiet, for whoever measures it. */
    double idleBytes;

    Mesh(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
    }

    static Bytes text(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
    }

    static Bytes token(long boot) {
        byte[] token = new byte[Bytes.TOKEN_LENGTH];
        new Random(boot).nextBytes(token);
        return Bytes.of(token);
    }

    Host add() {
        return add(hosts.size() + 1);
    }

    /** A host at the place of that number. */
    Host add(int number) {
        Host host = new Host(number, random.nextLong() | 1);
        hosts.add(host);
        return host;
    }

    /** So many hosts that join by the first. */
    Mesh joined(int count) {
        for (int i = 0; i < count; i++) {
            Host host = add();
            host.seeds(hosts.get(0));
        }
        hosts.get(0).swim.alone();
        return this;
    }

    /** So many hosts that know one another from the start. */
    Mesh acquainted(int count) {
        for (int i = 0; i < count; i++) {
            add();
        }
        List<Member> all = hosts.stream().map(host -> host.swim.self()).toList();
        for (Host host : hosts) {
            Contact other = hosts.get(host.number % count).contact;
            host.swim.receive(now, other, new Message.Records(-1L, false, true, all));
            host.swim.drain();
            host.settle();
        }
        return this;
    }

    private void transmit(Host from, Send send) {
        int size = size(send.message());
        packets++;
        bytes += HEADERS + size;
        boolean stream = size > DATAGRAM;
        overhear.accept(send.to(), send.message());
        if (swallow.test(send.message()) || (!stream && random.nextDouble() < loss)) {
            return;
        }
        for (Host to : at(send.to())) {
            if (!cut.test(new Host[] {from, to})) {
                long delay = leastDelay + (long) (random.nextDouble() * (mostDelay - leastDelay));
                events.add(new Event(
                        now + (stream ? 3 * delay : delay), order++, to, send.to(), from.contact, send.message()));
            }
        }
    }

    private List<Host> at(Contact place) {
        int number = place.ip().bits() - 0x0a000000;
        if (number <= hosts.size()
                && number >= 1
                && hosts.get(number - 1).number == number
                && !hosts.get(number - 1).down) {
            return List.of(hosts.get(number - 1));
        }
        return hosts.stream()
                .filter(host -> !host.down && host.number == number)
                .toList();
    }

    /** About what the message takes on the wire. */
    static int size(Message message) {
        if (message instanceof Message.Ping ping) {
            return 7 + sum(ping.news());
        } else if (message instanceof Message.Ack ack) {
            return 16 + sum(ack.news());
        } else if (message instanceof Message.News news) {
            return 2 + sum(news.news());
        } else if (message instanceof Message.Digest digest) {
            return 14 + digest.self().size() + 8 * digest.hashes().size();
        } else if (message instanceof Message.Records records) {
            return 14 + sum(records.members());
        }
        return 30;
    }

    private static int sum(Collection<Member> members) {
        return members.stream().mapToInt(Member::size).sum();
    }

    private List<String> buriedNow(Host by) {
        List<String> falsely = new ArrayList<>();
        for (Host host : hosts) {
            boolean up = !host.down && !host.stalled;
            if (up && host != by && by.swim.isBuried(host.contact.boot(), now) && !cut.test(new Host[] {by, host})) {
                falsely.add(host + " by " + by + " at " + now / MILLI + " ms");
            }
        }
        return falsely;
    }

    /** Lets time pass. */
    void run(long millis) {
        until(millis, () -> false);
    }

    /** Lets time pass until that is so; how long it took in milliseconds, or -1 if it never was. */
    long until(long millis, BooleanSupplier done) {
        long begun = now;
        long end = now + millis * MILLI;
        while (!done.getAsBoolean()) {
            Event event = events.peek();
            if (event == null || event.at > end) {
                now = end;
                return done.getAsBoolean() ? millis : -1;
            }
            events.remove();
            now = event.at;
            event.at0.handle(event);
        }
        return (now - begun) / MILLI;
    }

    /** Lets time pass until that is so of every host that is up; in milliseconds, or -1. */
    long untilAll(long millis, Predicate<Host> done) {
        List<Host> left = new ArrayList<>(up());
        return until(millis, () -> {
            // From the end, one at a time: most calls look at one host only.
            while (!left.isEmpty()) {
                Host last = left.get(left.size() - 1);
                if (!last.down && !done.test(last)) {
                    return false;
                }
                left.remove(left.size() - 1);
            }
            return true;
        });
    }

    /** Lets the members go, for the memory they take. */
    void forget() {
        hosts.clear();
        events.clear();
    }

    List<Host> up() {
        return hosts.stream().filter(host -> !host.down).toList();
    }

    /** Whether every host that is up sees every other, and nobody else. */
    boolean whole() {
        List<Integer> all = up().stream().map(host -> host.number).sorted().toList();
        return up().stream().allMatch(host -> {
            List<Integer> others = new ArrayList<>(all);
            others.remove(Integer.valueOf(host.number));
            return host.sees().equals(others);
        });
    }

    /** Whether nobody that is up sees it. */
    boolean forgotten(Host gone) {
        return up().stream().allMatch(host -> host == gone || host.of(gone) == null);
    }
}
