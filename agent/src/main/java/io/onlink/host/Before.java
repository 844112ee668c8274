package io.onlink.host;

import io.onlink.netlink.HostFiles;
import io.onlink.route.Link;
import io.onlink.state.NotesFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this host was like before an agent changed it, on disk: written down before each first change, the earliest note
 * of a thing counts, over restarts and crashes of the agent.
 *
 * <p>It holds for one boot of one network namespace: another has values of its own.
 */
public final class Before {
    private static final Logger LOG = LoggerFactory.getLogger(Before.class);

    private final NotesFile file;
    private final String here;
    private final Map<String, String> notes = new LinkedHashMap<>();

    private Before(NotesFile file, String here) {
        this.file = file;
        this.here = here;
    }

    /** What earlier runs have noted in a state directory, if they ran here since this boot. */
    public static Before in(Path stateDirectory) {
        NotesFile file = new NotesFile(stateDirectory.resolve("before"));
        String here = "";
        try {
            here = HostFiles.here();
        } catch (IOException e) {
            LOG.warn("this boot and namespace have no name ({}): 'onlink cleanup' will put nothing back", e.toString());
        }
        Before before = new Before(file, here);
        Map<String, String> found = file.read();
        if (!here.isEmpty() && here.equals(found.remove("here"))) {
            before.notes.putAll(found);
        }
        return before;
    }

    /** What a thing was like, if it was changed. */
    public Optional<String> of(String thing) {
        return Optional.ofNullable(notes.get(thing));
    }

    /** Whether an agent has made the link that has that name and index now. */
    public boolean hasMade(String link, OptionalInt index) {
        return index.isPresent()
                && of(NotingKernel.MADE + link)
                        .filter(Integer.toString(index.getAsInt())::equals)
                        .isPresent();
    }

    /** The addresses of a link that no agent has put there, as far as the kernel or these notes tell. */
    public List<Link.Address> foreign(Link link) {
        return link.addresses().stream()
                .filter(address -> address.maker() != Link.Maker.US)
                .filter(address -> address.maker() == Link.Maker.OTHER
                        || of(NotingKernel.address(link.name(), address)).isEmpty())
                .toList();
    }

    /** All notes, in the order they were made. */
    public Map<String, String> all() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(notes));
    }

    /** Notes what a thing is like, unless that is noted already. */
    public void note(String thing, String value) {
        if (notes.putIfAbsent(thing, value) == null) {
            write();
        }
    }

    /** Notes it in any case: the thing is another now. */
    public void noteAnew(String thing, String value) {
        if (!value.equals(notes.put(thing, value))) {
            write();
        }
    }

    /** It is put back, or not there any more. */
    public void forget(String thing) {
        if (notes.remove(thing) == null) {
            return;
        }
        if (notes.isEmpty()) {
            file.delete();
        } else {
            write();
        }
    }

    private void write() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("here", here);
        all.putAll(notes);
        file.write(all);
    }

    /** All is put back. */
    public void forget() {
        notes.clear();
        file.delete();
    }
}
