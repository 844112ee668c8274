package io.onlink;

import io.onlink.peer.PeerView;

/**
 * What the agent's thread shows to the others, whole and immutable.
 *
 * @param tunnelUp whether the tunnel is there, up, with its address
 * @param viewComplete whether a first full view of the mesh is known
 * @param routesDesired routes there should be
 * @param routesInstalled of those, how many there are
 * @param guarded peers whose routes stay by the mass-departure guard alone
 * @param view the peers and the rejected claims
 * @param viewHash of the nodes and subnets believed in, this node included: equal on nodes that believe the same
 * @param trouble why the last pass did not settle, empty if it did
 * @param remembered peers that are known by the last run's view alone
 * @param current whether the last pass could read and write the kernel; if not, tunnel, routes and view are as before
 */
record Status(
        boolean tunnelUp,
        boolean viewComplete,
        int routesDesired,
        int routesInstalled,
        int guarded,
        PeerView view,
        long viewHash,
        String trouble,
        int remembered,
        boolean current) {
    static final Status STARTING = new Status(false, false, 0, 0, 0, PeerView.EMPTY, 0, "starting", 0);

    /** After a pass that was not broken off. */
    Status(
            boolean tunnelUp,
            boolean viewComplete,
            int routesDesired,
            int routesInstalled,
            int guarded,
            PeerView view,
            long viewHash,
            String trouble,
            int remembered) {
        this(
                tunnelUp,
                viewComplete,
                routesDesired,
                routesInstalled,
                guarded,
                view,
                viewHash,
                trouble,
                remembered,
                true);
    }

    /** Ready to carry traffic: the tunnel up, the first view complete, the routes equal to the desired, as far as is known. */
    boolean ready() {
        return current && tunnelUp && viewComplete && routesDesired == routesInstalled;
    }

    /** What a person asks first, in lines. */
    String text() {
        StringBuilder text = new StringBuilder();
        text.append("tunnel  ").append(tunnelUp ? "up" : "down").append('\n');
        text.append("view    ")
                .append(viewComplete ? "complete" : "waiting for a seed")
                .append('\n');
        if (remembered > 0) {
            text.append("memory  the routes of ")
                    .append(remembered)
                    .append(" peers are those of the last run; nobody has confirmed them yet\n");
        }
        text.append("routes  ")
                .append(routesInstalled)
                .append(" of ")
                .append(routesDesired)
                .append('\n');
        if (guarded > 0) {
            text.append("guard   the routes of ")
                    .append(guarded)
                    .append(" lost peers stay: most hosts are silent and no seed's host answers\n");
        }
        if (!trouble.isEmpty()) {
            text.append("trouble ").append(trouble).append('\n');
        }
        view.peers()
                .forEach(peer -> text.append("peer    ")
                        .append(peer.name())
                        .append(' ')
                        .append(peer.nodeIp())
                        .append(' ')
                        .append(peer.subnets())
                        .append('\n'));
        view.rejections()
                .forEach(rejection -> text.append("refused ")
                        .append(rejection.member())
                        .append(": ")
                        .append(rejection.text())
                        .append('\n'));
        return text.toString();
    }
}
