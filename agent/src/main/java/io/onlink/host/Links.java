package io.onlink.host;

import io.onlink.netlink.LinuxKernel;
import io.onlink.route.KernelException;
import java.util.OptionalInt;

/** What the kernel tells of links beside a dump. */
public interface Links {
    /** The kernel's number of the link of that name; another link of that name later has another. */
    OptionalInt index(String link) throws KernelException;

    /** Whether a link is a port of the one of that name. */
    boolean hasPorts(String bridge) throws KernelException;

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
        };
    }
}
