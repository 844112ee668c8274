package io.onlink.swim;

import io.onlink.inet.Ipv4;

/**
 * Where a member takes messages, and which run of its agent is meant.
 *
 * @param ip address
 * @param port the same for datagrams and streams, 1 to 65535
 * @param boot random number of the run, 0 for whichever is there
 */
public record Contact(Ipv4 ip, int port, long boot) {
    /** The same place, whichever run is there. */
    public Contact anyBoot() {
        return boot == 0 ? this : new Contact(ip, port, 0);
    }

    @Override
    public String toString() {
        return ip + ":" + port + "~" + Long.toHexString(boot);
    }
}
