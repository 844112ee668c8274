package io.onlink.host;

import io.onlink.netlink.LinuxKernel;
import io.onlink.route.KernelException;
import java.util.Optional;
import java.util.OptionalInt;

/** What the kernel tells of links beside a dump. */
public interface Links {
    /** The kernel's number of the link of that name; another link of that name later has another. */
    OptionalInt index(String link) throws KernelException;

    /** Whether a link is a port of the one of that name. */
    boolean hasPorts(String bridge) throws KernelException;

    /** A route of somebody else that would go with the link, in words; empty if there is none. */
    Optional<String> foreignRoute(String link) throws KernelException;

    /** Those of this host. */
    static Links of(LinuxKernel kernel) {
        return new Links() {
            @Override
            public OptionalInt index(String link) throws KernelException {
                return kernel.index(link);
            }

            @Override
            public boolean hasPorts(String bridge) throws KernelException {
                return kernel.hasPorts(bridge);
            }

            @Override
            public Optional<String> foreignRoute(String link) throws KernelException {
                return kernel.foreignRoute(link);
            }
        };
    }
}
