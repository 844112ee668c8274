package io.onlink.route;

import io.onlink.peer.PeerView;
import java.util.Collection;

/** What decides which packets come in by the tunnel; asked at each step of a pass, so that it is never narrower than the routes. */
public interface Gate {
    /** Lets everything in, and does nothing. */
    Gate OPEN = new Gate() {
        @Override
        public void stand(Collection<Route> routes) {}

        @Override
        public void widen(PeerView view, Collection<Route> routes) {}

        @Override
        public void narrow(PeerView view, Collection<Route> routes) {}

        @Override
        public boolean repaired() {
            return false;
        }
    };

    /**
     * Before links are changed: it is there, and lets in at least those that our routes in the kernel go to.
     *
     * @throws KernelException if it cannot be made to stand; nothing else is changed then
     */
    void stand(Collection<Route> routes) throws KernelException;

    /** Before routes are changed: lets in all peers of the view too. */
    void widen(PeerView view, Collection<Route> routes) throws KernelException;

    /** After routes were changed: lets in the peers of the view, those that the leftover routes go to, and nobody else. */
    void narrow(PeerView view, Collection<Route> leftover) throws KernelException;

    /** Whether the last pass put right what somebody else had changed. */
    boolean repaired();
}
