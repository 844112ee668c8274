package io.onlink.swim;

import java.util.List;
import java.util.random.RandomGenerator;

/** Tells rumours to some members at a time, until each has been told often enough that all know. */
final class Rounds {
    /** Members told in one round. */
    static final int FANOUT = 3;

    /** Members this node itself tells of a change of its own, at once. */
    static final int ANNOUNCED = 12;

    private final Beliefs beliefs;
    private final Outbox outbox;
    private final RandomGenerator random;
    private long lastAt;

    Rounds(long now, Beliefs beliefs, Outbox outbox, RandomGenerator random) {
        this.beliefs = beliefs;
        this.outbox = outbox;
        this.random = random;
        this.lastAt = now - Pace.ROUND;
    }

    void tick(long now) {
        if (!Pace.due(deadline(), now)) {
            return;
        }
        lastAt = now;
        for (Member member : some(FANOUT)) {
            List<Member> news = beliefs.rumours.take();
            if (!news.isEmpty()) {
                outbox.send(member.contact(), new Message.News(news));
            }
        }
    }

    /** Tells this node's own news directly. */
    void announce(int most) {
        List<Member> news = List.of(beliefs.self());
        some(most).forEach(member -> outbox.send(member.contact(), new Message.News(news)));
    }

    private List<Member> some(int count) {
        long self = beliefs.self().boot();
        List<Member> some = beliefs.view.some(count, self, self, random);
        if (some.size() <= count) {
            return some;
        }
        int first = random.nextInt(some.size());
        return java.util.stream.IntStream.range(first, first + count)
                .mapToObj(i -> some.get(i % some.size()))
                .toList();
    }

    /** When the next round is due. */
    long deadline() {
        if (beliefs.rumours.isEmpty() || beliefs.alone()) {
            return Pace.NEVER;
        }
        return lastAt + (beliefs.rumours.fresh() ? Pace.FRESH_ROUND : Pace.ROUND);
    }
}
