package io.onlink.history;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** The last things that happened, each logged as it is added: in words, and with keys and values for a log collector. */
public final class History {
    /** Most entries that are kept; the oldest goes first. */
    public static final int MOST = 256;

    private static final Logger LOG = LoggerFactory.getLogger(History.class);

    private final InstantSource clock;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private long number;

    /** An empty one; the clock is for display alone. */
    public History(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Something happened.
     *
     * @param peer whom it is about; empty if nobody
     * @param details by key, in order
     */
    public void add(Entry.What what, String peer, String text, Map<String, String> details) {
        Entry entry = keep(what, peer, text, details);
        // Of refusals and the guard others have their own lines, which flapping cannot flood.
        boolean said = what == Entry.What.REFUSED || what == Entry.What.GUARDED || what == Entry.What.RELEASED;
        LoggingEventBuilder line = (said ? LOG.atDebug() : LOG.atInfo()).addKeyValue("change", what.word());
        if (!peer.isEmpty()) {
            line = line.addKeyValue("peer", peer);
        }
        for (Map.Entry<String, String> detail : entry.details().entrySet()) {
            line = line.addKeyValue(detail.getKey(), detail.getValue());
        }
        line.log("{}", entry.text());
    }

    private synchronized Entry keep(Entry.What what, String peer, String text, Map<String, String> details) {
        Entry entry = new Entry(++number, clock.instant(), what, peer, text, details);
        entries.addLast(entry);
        if (entries.size() > MOST) {
            entries.removeFirst();
        }
        return entry;
    }

    /** What is kept, the oldest first. */
    public synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** A line for each, the oldest first. */
    public String text() {
        List<Entry> all = entries();
        return all.isEmpty()
                ? "nothing has changed since the agent started\n"
                : all.stream().map(History::line).collect(Collectors.joining());
    }

    private static String line(Entry entry) {
        return entry.at().truncatedTo(ChronoUnit.SECONDS) + "  " + entry.text() + "\n";
    }

    /** An array of objects, a line each, the oldest first (RFC 8259). */
    public String json() {
        return entries().stream().map(History::object).collect(Collectors.joining(",\n", "[", "]\n"));
    }

    private static String object(Entry entry) {
        String details = entry.details().entrySet().stream()
                .map(detail -> quoted(detail.getKey()) + ":" + quoted(detail.getValue()))
                .collect(Collectors.joining(","));
        return "{\"number\":" + entry.number() + ",\"time\":"
                + quoted(entry.at().truncatedTo(ChronoUnit.MILLIS).toString()) + ",\"change\":"
                + quoted(entry.what().word()) + ",\"peer\":" + quoted(entry.peer()) + ",\"text\":"
                + quoted(entry.text()) + ",\"details\":{" + details + "}}";
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                out.append('\\').append((char) c);
            } else if (c < 0x20) {
                out.append(String.format("\\u%04x", c));
            } else {
                out.append((char) c);
            }
        });
        return out.append('"').toString();
    }
}
