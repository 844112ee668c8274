package io.onlink.membership;

import io.atomix.cluster.messaging.ManagedMessagingService;
import io.atomix.cluster.messaging.MessagingService;
import io.atomix.utils.net.Address;
import io.netty.util.concurrent.ScheduledFuture;
import io.onlink.seal.Refusal;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Requests and their answers, as Atomix asks for them, over our transport. No call of it blocks or throws. */
final class Messenger implements ManagedMessagingService {
    /** Longest wait for an answer, in milliseconds; a request may ask for less. */
    static final int MAX_WAIT_MILLIS = 5000;

    /** Most requests that wait for an answer. */
    static final int MAX_PENDING = 4096;

    /** A time-out that fires this late, in milliseconds, says that we stood still and not the peer. */
    private static final int LATE_MILLIS = 100;

    /** How long answers then have to be read, in milliseconds: they wait in the socket's buffer. */
    private static final int GRACE_MILLIS = 250;

    private final Transport transport;
    private final Endpoint self;
    private final AtomicLong ids;
    private final Map<Long, CompletableFuture<byte[]>> pending = new ConcurrentHashMap<>();
    private final Map<String, BiFunction<Address, byte[], CompletableFuture<byte[]>>> served =
            new ConcurrentHashMap<>();

    /** Atomix's own encoding of the local member, taken from the request it sends to itself at the start. */
    final CompletableFuture<byte[]> selfImage = new CompletableFuture<>();

    Messenger(Transport transport, Endpoint self, long firstId) {
        this.transport = transport;
        this.self = self;
        this.ids = new AtomicLong(firstId);
    }

    @Override
    public Address address() {
        return self.address();
    }

    @Override
    public CompletableFuture<Void> sendAsync(Address to, String type, byte[] payload, boolean keepAlive) {
        return CompletableFuture.failedFuture(new UnsupportedOperationException("membership sends requests only"));
    }

    @Override
    public CompletableFuture<byte[]> sendAndReceive(Address to, String type, byte[] payload, boolean keepAlive) {
        return request(to, type, payload, Duration.ofMillis(MAX_WAIT_MILLIS));
    }

    @Override
    public CompletableFuture<byte[]> sendAndReceive(
            Address to, String type, byte[] payload, boolean keepAlive, Executor executor) {
        return request(to, type, payload, Duration.ofMillis(MAX_WAIT_MILLIS)).thenApplyAsync(b -> b, executor);
    }

    @Override
    public CompletableFuture<byte[]> sendAndReceive(
            Address to, String type, byte[] payload, boolean keepAlive, Duration timeout) {
        return request(to, type, payload, timeout);
    }

    @Override
    public CompletableFuture<byte[]> sendAndReceive(
            Address to, String type, byte[] payload, boolean keepAlive, Duration timeout, Executor executor) {
        return request(to, type, payload, timeout).thenApplyAsync(b -> b, executor);
    }

    private CompletableFuture<byte[]> request(Address to, String type, byte[] payload, Duration timeout) {
        Subject subject = Subject.ofText(type);
        Endpoint peer = Endpoint.of(to);
        if (self.equals(peer)) {
            if (subject == Subject.SYNC) {
                selfImage.complete(payload);
            }
            return CompletableFuture.failedFuture(new ConnectException("that is this node"));
        }
        if (subject == null || peer == null || pending.size() >= MAX_PENDING) {
            return CompletableFuture.failedFuture(new ConnectException("cannot ask " + to + " for " + type));
        }
        long id = ids.incrementAndGet();
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        pending.put(id, answer);
        long wait = Math.min(timeout.toMillis(), MAX_WAIT_MILLIS);
        try {
            ScheduledFuture<?> alarm = expire(answer, wait, System.nanoTime());
            var unused = answer.whenComplete((bytes, error) -> {
                pending.remove(id);
                alarm.cancel(false);
            });
            transport.send(peer, new Frame(Frame.Kind.REQUEST, subject, id, payload), answer::completeExceptionally);
        } catch (RejectedExecutionException closing) {
            pending.remove(id);
            answer.completeExceptionally(closing);
        }
        return answer;
    }

    /** Fails the request when its time is up, later if this process stood still meanwhile. */
    private ScheduledFuture<?> expire(CompletableFuture<byte[]> answer, long wait, long start) {
        return transport
                .loop()
                .schedule(
                        () -> {
                            long late = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) - wait;
                            if (late < LATE_MILLIS) {
                                answer.completeExceptionally(new TimeoutException("no answer within " + wait + " ms"));
                            } else if (!answer.isDone()) {
                                var unused = expire(answer, GRACE_MILLIS, System.nanoTime());
                            }
                        },
                        wait,
                        TimeUnit.MILLISECONDS);
    }

    /** Takes a request, or the answer to one; on the event loop. */
    void take(Frame frame, java.util.function.Consumer<Frame> back) {
        CompletableFuture<byte[]> asked = frame.kind == Frame.Kind.REQUEST ? null : pending.get(frame.id);
        if (frame.kind == Frame.Kind.REQUEST) {
            var unused = serve(frame.subject, frame.payload)
                    .whenComplete(
                            (answer, error) -> back.accept(error == null ? frame.reply(answer) : frame.failure()));
        } else if (asked != null && frame.kind == Frame.Kind.REPLY) {
            asked.complete(frame.payload);
        } else if (asked != null) {
            asked.completeExceptionally(new ConnectException("the peer could not serve the request"));
        }
    }

    /** Has this node's own part of the subject answer. */
    CompletableFuture<byte[]> serve(Subject subject, byte[] payload) {
        @Nullable BiFunction<Address, byte[], CompletableFuture<byte[]>> handler = served.get(subject.text);
        if (handler == null) {
            return CompletableFuture.failedFuture(new ConnectException("not served here"));
        }
        try {
            return handler.apply(self.address(), payload).whenComplete((answer, error) -> {
                if (error != null) {
                    transport.traffic.refused(Refusal.CONTENT);
                }
            });
        } catch (RuntimeException malformed) {
            // The payload is read in there, by a serialiser that throws whatever it comes upon.
            transport.traffic.refused(Refusal.CONTENT);
            return CompletableFuture.failedFuture(malformed);
        }
    }

    @Override
    public void registerHandler(String type, BiConsumer<Address, byte[]> handler, Executor executor) {
        served.put(
                type,
                (from, payload) -> CompletableFuture.supplyAsync(
                        () -> {
                            handler.accept(from, payload);
                            return new byte[0];
                        },
                        executor));
    }

    @Override
    public void registerHandler(String type, BiFunction<Address, byte[], byte[]> handler, Executor executor) {
        served.put(
                type, (from, payload) -> CompletableFuture.supplyAsync(() -> handler.apply(from, payload), executor));
    }

    @Override
    public void registerHandler(String type, BiFunction<Address, byte[], CompletableFuture<byte[]>> handler) {
        served.put(type, handler);
    }

    @Override
    public void unregisterHandler(String type) {
        served.remove(type);
    }

    @Override
    public CompletableFuture<MessagingService> start() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public boolean isRunning() {
        return true;
    }

    @Override
    public CompletableFuture<Void> stop() {
        return CompletableFuture.completedFuture(null);
    }
}
