package io.onlink.netlink;

import static io.onlink.netlink.Namespace.inside;
import static io.onlink.netlink.Namespace.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.inet.Ipv4;
import io.onlink.route.KernelException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("netns")
class HostFilesTest {
    @Test
    void switchesAreReadAndWrittenInTheThreadsOwnNamespace() throws Exception {
        inside(() -> {
            run("sysctl -qw net.ipv4.conf.tunl1.rp_filter=2");
            assertThat(HostFiles.read("conf/tunl1/rp_filter")).hasValue(2);
            HostFiles.write("conf/tunl1/rp_filter", 1);
            assertThat(run("sysctl -n net.ipv4.conf.tunl1.rp_filter")).isEqualTo("1");
            assertThat(HostFiles.read("conf/none/rp_filter")).isEmpty();
            assertThat(HostFiles.links()).contains("all", "default", "lo", "tunl1");
        });
    }

    @Test
    void theNameOfHereIsAnotherInAnotherNamespace() throws Exception {
        String outside = HostFiles.here();
        inside(() -> assertThat(HostFiles.here()).isNotEqualTo(outside).endsWith("]"));
    }

    @Test
    void aFirewallChainThatDropsByDefaultIsFoundAndOneThatAcceptsIsNot() throws Exception {
        inside(() -> {
            assertThat(HostFiles.droppingChains()).isEmpty();
            chain("forward", Uapi.NF_INET_FORWARD, Uapi.NF_DROP);
            chain("input", Uapi.NF_INET_LOCAL_IN, Uapi.NF_DROP);
            chain("output", 3, Uapi.NF_DROP);
            chain("open", Uapi.NF_INET_FORWARD, 1);
            assertThat(HostFiles.droppingChains())
                    .containsExactlyInAnyOrder(
                            new HookChain("inet", "fw", "forward", true), new HookChain("inet", "fw", "input", false));
        });
    }

    /** What {@code nft add chain inet fw NAME '{ type filter hook HOOK priority 0; policy POLICY; }'} sends. */
    private static void chain(String name, int hook, int policy) throws KernelException {
        LibC.Block block = new LibC.Block(1024);
        MessageWriter batch = new MessageWriter(block.buffer);
        int create = Uapi.NLM_F_CREATE;
        batch.start(0x10, 0).octets(0, 0, 0, 10);
        batch.start(0xa00, create).octets(Uapi.NFPROTO_INET, 0, 0, 0).text(1, "fw");
        batch.start(Uapi.NFT_MSG_NEWCHAIN, create)
                .octets(Uapi.NFPROTO_INET, 0, 0, 0)
                .text(Uapi.NFTA_CHAIN_TABLE, "fw")
                .text(Uapi.NFTA_CHAIN_NAME, name)
                .nest(
                        Uapi.NFTA_CHAIN_HOOK,
                        in -> in.address(Uapi.NFTA_HOOK_HOOKNUM, new Ipv4(hook)).address(2, new Ipv4(0)))
                .address(Uapi.NFTA_CHAIN_POLICY, new Ipv4(policy))
                .text(7, "filter");
        batch.start(0x11, 0).octets(0, 0, 0, 10);
        NetlinkSocket socket = NetlinkSocket.open(Uapi.NETLINK_NETFILTER, 65_536);
        try {
            socket.send(block, batch.length());
        } finally {
            socket.close();
        }
    }
}
