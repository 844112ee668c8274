package io.onlink.guard;

import io.onlink.route.KernelException;
import java.util.Set;

/**
 * The packet guard in the kernel. It outlives the agent: closing it takes nothing away.
 *
 * <p>{@link #counts} and {@link #strays} may be called on any thread, all else on one at a time.
 */
public interface Guard extends AutoCloseable {
    /** Name of the back end, as the setting and the metrics write it: {@code nftables} or {@code tc}. */
    String backend();

    /**
     * Tries whether this kernel can keep the guard. No packet meets what it writes for that, and nothing of it stays.
     *
     * @throws KernelException if it cannot, with what it lacks
     */
    void probe() throws KernelException;

    /**
     * Reads what stands of the guard, all of it: rules as well as elements.
     *
     * @throws KernelException if the kernel cannot be read; nothing is known then
     */
    GuardReading read() throws KernelException;

    /**
     * Makes the change, wholly or not at all.
     *
     * @throws KernelException if the kernel refuses it; the guard is then as it was
     */
    void apply(GuardChange change) throws KernelException;

    /**
     * Takes the guard away, and nothing that is not ours; does nothing if there is none.
     *
     * @throws KernelException if the kernel refuses it
     */
    void remove() throws KernelException;

    /**
     * What was counted; {@link GuardCounts#NONE} while there is no guard.
     *
     * @param peers whether to read each peer's traffic too
     * @throws KernelException if the kernel cannot be read
     */
    GuardCounts counts(boolean peers) throws KernelException;

    /**
     * Whose packets were dropped in the last minute because outer and inner source do not belong together; not all of
     * them where there are many, and none in a back end that cannot tell.
     *
     * @throws KernelException if the kernel cannot be read
     */
    default Set<Stray> strays() throws KernelException {
        return Set.of();
    }

    /**
     * Tells when somebody else changes the guard, until what is returned is closed; it says that there is something to look
     * at, never what. What is called may be called on any thread, and must return soon. Does nothing in a back end whose
     * changes are told with those of links.
     *
     * @throws KernelException if the kernel's notifications cannot be heard
     */
    default Watch watch(Runnable changed) throws KernelException {
        return () -> {};
    }

    /** Somebody who listens, until closed. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    @Override
    void close();
}
