package io.onlink.route;

import java.util.List;

/** All that the agent asks of the operating system's network stack. One thread at a time. */
public interface Kernel extends AutoCloseable {
    /**
     * Reads links, addresses, our routes and nexthop objects, each wholly.
     *
     * @throws KernelException if the kernel cannot be read; nothing is known then and nothing may be concluded
     */
    Dump dump() throws KernelException;

    /**
     * Applies the changes in order. A change the kernel refuses does not stop those after it.
     *
     * @return the refused changes with their reasons
     * @throws KernelException if the conversation with the kernel broke; some changes may have been made
     */
    List<Failure> apply(List<Change> changes) throws KernelException;

    /** Counters of a link since it was created; all zero if there is no such link. */
    LinkCounters counters(String link);

    @Override
    void close();
}
