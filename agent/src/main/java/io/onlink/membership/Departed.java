package io.onlink.membership;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/** Boot ids whose leave was announced, the last {@value #MAX}. */
final class Departed {
    static final int MAX = 1024;

    private final Set<Long> boots = new LinkedHashSet<>();

    /** Whether this is news. */
    synchronized boolean add(long boot) {
        boolean news = boots.add(boot);
        if (boots.size() > MAX) {
            Iterator<Long> oldest = boots.iterator();
            oldest.next();
            oldest.remove();
        }
        return news;
    }

    synchronized Set<Long> all() {
        return Set.copyOf(boots);
    }
}
