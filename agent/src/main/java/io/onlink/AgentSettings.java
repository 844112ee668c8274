package io.onlink;

import io.onlink.inet.Ipv4;
import io.onlink.peer.Advertisement;
import io.onlink.peer.Rules;
import io.onlink.route.TunnelSettings;
import java.time.Duration;
import java.util.Set;

/**
 * What the loop needs to know, checked before.
 *
 * @param self this node's first advertisement
 * @param links how the tunnel and the bridge are to be
 * @param rules what the mesh lets a node claim
 * @param seedAddresses seeds given as addresses
 * @param hold how long a peer's routes outlive its agent, and a former run's routes this agent's first full view
 * @param massDepartureShare percentage of silent hosts beyond which the guard stands
 * @param resync the longest time between two looks at the kernel
 */
record AgentSettings(
        Advertisement self,
        TunnelSettings links,
        Rules rules,
        Set<Ipv4> seedAddresses,
        Duration hold,
        int massDepartureShare,
        Duration resync) {}
