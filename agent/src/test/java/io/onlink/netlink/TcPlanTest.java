package io.onlink.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onlink.Seeded;
import io.onlink.guard.DropReason;
import io.onlink.guard.GuardTable;
import io.onlink.guard.Pair;
import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.netlink.TcPlan.Step;
import io.onlink.route.KernelException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TcPlanTest {
    private static final GuardTable TABLE = GuardTable.of(
            List.of(pair("10.99.0.2", "10.42.2.0/24"), pair("10.99.0.3", "10.42.3.0/24")),
            List.of(Ipv4Prefix.parse("10.42.1.0/24")));

    private static Pair pair(String outer, String inner) {
        return new Pair(Ipv4.parse(outer), Ipv4Prefix.parse(inner));
    }

    private static FakeTc guarded(boolean tunnel, GuardTable table) throws Exception {
        FakeTc tc = new FakeTc(tunnel);
        bring(tc, table);
        return tc;
    }

    private static void bring(FakeTc tc, GuardTable table) throws Exception {
        for (Step step : TcPlan.between(tc.device(), table, false)) {
            tc.take(step);
        }
        assertThat(TcPlan.between(tc.device(), table, false))
                .as("a second pass")
                .isEmpty();
    }

    /** {@code SOURCE>DESTINATION>...}: headers from the outermost to the innermost, then 8 octets. */
    private static byte[] packet(String headers, int fragment) {
        String[] hops = headers.split(" ", -1);
        ByteBuffer packet = ByteBuffer.allocate(20 * hops.length + 8);
        for (int i = 0; i < hops.length; i++) {
            String[] ends = hops[i].split(">", -1);
            packet.putShort((short) 0x4500).putShort((short) (packet.remaining() + 2));
            packet.putShort((short) 1).putShort((short) (i == 0 ? fragment : 0));
            packet.put((byte) 64).put((byte) (i < hops.length - 1 ? 4 : 17)).putShort((short) 0);
            packet.putInt(Ipv4.parse(ends[0]).bits()).putInt(Ipv4.parse(ends[1]).bits());
        }
        return packet.array();
    }

    private static String named(String verdict) {
        for (DropReason reason : DropReason.values()) {
            if (verdict.equals(Integer.toString(TcLayout.action(reason)))) {
                return reason.label();
            }
        }
        return verdict;
    }

    @ParameterizedTest
    @CsvSource({
        "10.99.0.2>10.99.0.1 10.42.2.9>10.42.1.2,                       pass",
        "10.99.0.3>10.99.0.1 10.42.3.1>10.42.1.2,                       pass",
        "10.99.0.3>10.99.0.1 10.42.2.9>10.42.1.2,                       spoofed",
        "10.99.0.66>10.99.0.1 10.42.2.9>10.42.1.2,                      stranger",
        "10.98.7.2>10.99.0.1 10.42.2.9>10.42.1.2,                       stranger",
        "10.99.0.66>10.99.0.1,                                          pass",
        "10.99.0.66>10.99.0.1 10.42.2.9>10.99.0.1 10.42.2.9>10.42.1.2,  stranger",
    })
    void packetsFromTheUnderlay(String headers, String verdict) throws Exception {
        FakeTc tc = guarded(false, TABLE);
        byte[] packet = packet(headers, 0);
        assertThat(named(tc.judge(TcUapi.ETH_P_IP, packet))).isEqualTo(verdict);
        for (int tag : new int[] {TcUapi.ETH_P_8021Q, TcUapi.ETH_P_8021AD}) {
            assertThat(named(tc.judge(tag, packet)))
                    .as("the same with the tag %x", tag)
                    .isEqualTo(verdict);
        }
    }

    /** As it is behind the first tag: {@code 0000} a second tag of VLAN 0, {@code 8100} the type after it, and so on. */
    @ParameterizedTest
    @CsvSource({
        "88a8, 8100, 0000 0800, malformed",
        "8100, 88a8, e000 0800, malformed",
        "8100, 8100, 0000 8100 0000 0800, malformed",
        "8100, 8100, 0000 88a8 0000 8100 0000 0800, malformed",
        "8100, 8100, 0007 0800, pass",
        "88a8, 8100, 0007 8100 0000 0800, pass",
    })
    void aPriorityTagBehindATagHidesNothing(String outer, String type, String tags, String verdict) throws Exception {
        FakeTc tc = guarded(false, TABLE);
        byte[] packet = packet("10.99.0.66>10.99.0.1 10.42.2.9>10.42.1.2", 0);
        byte[] before = HexFormat.of().parseHex(tags.replace(" ", ""));
        byte[] all = ByteBuffer.allocate(before.length + packet.length)
                .put(before)
                .put(packet)
                .array();
        int first = HexFormat.fromHexDigits(type);
        assertThat(named(tc.judge(HexFormat.fromHexDigits(outer), first, all))).isEqualTo(verdict);
        byte[] none = packet("10.99.0.66>10.99.0.1", 0);
        byte[] harmless =
                ByteBuffer.allocate(4 + none.length).put(before, 0, 4).put(none).array();
        if (before.length == 4) {
            assertThat(tc.judge(HexFormat.fromHexDigits(outer), first, harmless))
                    .as("without IPIP")
                    .isEqualTo("pass");
        }
    }

    /** The tenth octet, where IPv4 has its protocol, is 4 in each of them. */
    @ParameterizedTest
    @CsvSource({
        "86dd, 60000000 00081140 2a040000 00000000 00000000 00000066 2a040000 00000000 00000000 00000001 00000000",
        "0806, 00010800 06040001 02040000 00660a63 00420000 00000000 0a630001 00000000 00000000 00000000",
        "8100, 45000800 4500001c 00044000 40110000 0a630042 0a630001 00000000 00000000 00000000 00000000",
    })
    void whatIsNoIpv4IsLeftAloneBehindATagToo(String type, String octets) throws Exception {
        FakeTc tc = guarded(false, TABLE);
        byte[] packet = HexFormat.of().parseHex(octets.replace(" ", ""));
        for (int tag : new int[] {TcUapi.ETH_P_8021Q, TcUapi.ETH_P_8021AD}) {
            assertThat(tc.judge(tag, HexFormat.fromHexDigits(type), packet)).isEqualTo("pass");
        }
    }

    @Test
    void theTrialDropsNothing() throws Exception {
        FakeTc tc = new FakeTc(false);
        TcLayout.Wanted trial = TcLayout.trial();
        tc.take(new Step(
                "trial", request -> FilterMessage.writeNode(request, 7, trial.slot(), trial.low(), trial.node())));
        assertThat(tc.filters()).hasSize(2);
        for (String headers : List.of("127.0.0.1>127.0.0.1", "10.99.0.2>10.99.0.1 10.42.2.9>10.42.1.2")) {
            assertThat(tc.judge(TcUapi.ETH_P_IP, packet(headers, 0))).isEqualTo("pass");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "10.42.2.9>10.42.1.2,                       pass",
        "10.42.2.9>192.168.50.2,                    not_ours",
        "10.42.2.9>10.99.0.1,                       not_ours",
        "10.42.2.9>10.42.1.1 10.42.2.9>10.42.1.2,   nested",
    })
    void packetsFromTheTunnel(String headers, String verdict) throws Exception {
        assertThat(named(guarded(true, TABLE).judge(TcUapi.ETH_P_IP, packet(headers, 0))))
                .isEqualTo(verdict);
    }

    @Test
    void fragmentsOptionsAndTornHeaders() throws Exception {
        FakeTc tc = guarded(false, TABLE);
        byte[] later = packet("10.99.0.2>10.99.0.1 1.1.1.1>2.2.2.2", 4);
        assertThat(tc.judge(TcUapi.ETH_P_IP, later)).isEqualTo("pass");
        byte[] strangers = packet("10.99.0.66>10.99.0.1 10.42.2.9>10.42.1.2", 4);
        assertThat(named(tc.judge(TcUapi.ETH_P_IP, strangers))).isEqualTo("stranger");
        byte[] options = packet("10.99.0.2>10.99.0.1 10.42.2.9>10.42.1.2", 0);
        options[0] = 0x46;
        assertThat(named(tc.judge(TcUapi.ETH_P_IP, options))).isEqualTo("malformed");
        byte[] six = packet("10.99.0.2>10.99.0.1 10.42.2.9>10.42.1.2", 0);
        six[20] = 0x60;
        assertThat(named(tc.judge(TcUapi.ETH_P_IP, six))).isEqualTo("malformed");
        byte[] torn = java.util.Arrays.copyOf(packet("10.99.0.2>10.99.0.1 10.42.2.9>10.42.1.2", 0x2000), 28);
        assertThat(named(tc.judge(TcUapi.ETH_P_IP, torn))).isEqualTo("malformed");
    }

    @Test
    void theFirstStepsDropAllThatTheLastAreToJudge() throws Exception {
        List<Step> steps = TcPlan.between(new FakeTc(false).device(), TABLE, false);
        assertThat(steps.subList(0, 4))
                .map(Step::text)
                .containsExactly(
                        "tc qdisc add dev eth0 clsact",
                        "tc filter add dev eth0 ingress pref 7 protocol 0800 ht 800: bkt 0"
                                + " flowid 72:1 match 00040000/00ff0000 at 8 drop index 114000005",
                        "tc filter add dev eth0 ingress pref 8 protocol 8100 ht 800: bkt 0 flowid 72:1"
                                + " match 00000800/0000ffff at -4 match 00040000/00ff0000 at 8 drop index 114000005",
                        "tc filter add dev eth0 ingress pref 8 protocol 8100 ht 800: bkt 0 flowid 72:1"
                                + " match 00008100/0000ffff at -4 match 00000800/0fffffff at 0"
                                + " match 00040000/00ff0000 at 12 drop index 114000005");
        assertThat(steps)
                .map(Step::text)
                .contains("tc filter add dev eth0 ingress pref 4 protocol 0800 ht 114: bkt 2"
                        + " flowid 72:0 match 0a630002/ffffffff at 12 match 0a2a0200/ffffff00 at 32 pass");
    }

    @Test
    void onlyAClsactOfOursIsSaidToBe() throws Exception {
        FakeTc tc = guarded(false, TABLE);
        assertThat(TcPlan.saysMade(tc.device())).isTrue();
        FakeTc others = new FakeTc(false);
        others.take(TcPlan.between(others.device(), TABLE, false).get(0));
        bring(others, TABLE);
        assertThat(TcPlan.saysMade(others.device())).isFalse();
    }

    /** Between any two tables, no step lets in what neither of them does, nor drops what both let in. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noStepOpensMoreThanBeforeOrAfterNorClosesWhatIsInBoth(boolean tunnel) {
        Seeded.cases(60, random -> {
            GuardTable old = random(random);
            GuardTable young = random(random);
            FakeTc tc = guarded(tunnel, old);
            Set<String> before = letIn(tc, tunnel);
            FakeTc then = guarded(tunnel, young);
            Set<String> after = letIn(then, tunnel);
            Set<String> either = new TreeSet<>(before);
            either.addAll(after);
            Set<String> both = new TreeSet<>(before);
            both.retainAll(after);
            for (Step step : TcPlan.between(tc.device(), young, false)) {
                tc.take(step);
                assertThat(either).as("after %s", step).containsAll(letIn(tc, tunnel));
                assertThat(letIn(tc, tunnel)).as("after %s", step).containsAll(both);
            }
            assertThat(letIn(tc, tunnel)).isEqualTo(after);
        });
    }

    private static GuardTable random(Random random) {
        List<Pair> pairs = new ArrayList<>();
        for (int i = random.nextInt(8); i > 0; i--) {
            Ipv4 inner = Ipv4.parse("10.42." + random.nextInt(3) + ".0");
            pairs.add(new Pair(
                    Ipv4.parse("10.99." + random.nextInt(2) + "." + random.nextInt(3)),
                    Ipv4Prefix.of(inner, 22 + random.nextInt(4))));
        }
        List<Ipv4Prefix> own = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            own.add(Ipv4Prefix.of(Ipv4.parse("10.42." + random.nextInt(3) + ".0"), 24));
        }
        return GuardTable.of(pairs, own);
    }

    /** Of all sources and destinations that {@link #random} knows. */
    private static Set<String> letIn(FakeTc tc, boolean tunnel) {
        Set<String> let = new TreeSet<>();
        for (int site = 0; site < 2; site++) {
            for (int host = 0; host < 3; host++) {
                for (int net = 0; net < 4; net++) {
                    String inner = "10.42." + net + ".9>10.42." + net + ".8";
                    String headers = tunnel ? inner : "10.99." + site + "." + host + ">10.99.0.1 " + inner;
                    if (tc.judge(TcUapi.ETH_P_IP, packet(headers, 0)).equals("pass")) {
                        let.add(headers);
                    }
                }
            }
        }
        return let;
    }

    @Test
    void whateverOthersDoToItIsUndone() {
        Seeded.cases(100, random -> {
            FakeTc tc = guarded(false, TABLE);
            List<Integer> handles = new ArrayList<>(tc.filters().keySet());
            int victim = handles.get(random.nextInt(handles.size()));
            FilterMessage was = tc.filters().get(victim);
            if (was.node() == null) {
                tc.filters().values().removeIf(one -> one.pref() == was.pref());
            } else if (random.nextBoolean()) {
                tc.filters().remove(victim);
            } else {
                U32 open = new U32(List.of(), null, 0, 0);
                tc.filters().put(victim, new FilterMessage(was.pref(), was.protocol(), 0, "u32", victim, 0, open));
            }
            if (tc.filters().values().stream().anyMatch(one -> one.pref() == was.pref() && TcPlan.isMarked(one))) {
                bring(tc, TABLE);
                assertThat(named(tc.judge(TcUapi.ETH_P_IP, packet("10.99.0.66>10.99.0.1 10.42.2.9>10.42.1.2", 0))))
                        .isEqualTo("stranger");
            }
        });
    }

    @Test
    void aFilterOfSomebodyElseInOurPlaceIsNamed() {
        FakeTc tc = new FakeTc(false);
        tc.filters().put(1, new FilterMessage(4, TcUapi.ETH_P_ALL, 0, "bpf", 1, 0, null));
        assertThatThrownBy(() -> TcPlan.between(tc.device(), TABLE, false))
                .isInstanceOf(KernelException.class)
                .hasMessage("the packet guard needs preferences 4 to 9 of eth0's ingress filters, and 4 has a bpf"
                        + " filter of somebody else; move that one to another preference");
        FakeTc same = new FakeTc(false);
        U32 open = new U32(List.of(), null, 0, 0);
        same.filters().put(0x80000800, new FilterMessage(4, TcUapi.ETH_P_IP, 0, "u32", 0x80000800, 0, open));
        assertThatThrownBy(() -> TcPlan.between(same.device(), TABLE, false))
                .hasMessageContaining("4 has a u32 filter");
    }

    @Test
    void takenAwayNothingOfOursIsLeft() throws Exception {
        FakeTc tc = guarded(false, TABLE);
        TcDevice device = tc.device();
        for (Step step : TcPlan.emptying(device)) {
            tc.take(step);
            assertThat(tc.judge(TcUapi.ETH_P_IP, packet("10.99.0.66>10.99.0.1 10.42.2.9>10.42.1.2", 0)))
                    .isNotEqualTo("pass");
        }
        for (Step step : TcPlan.tables(device)) {
            tc.take(step);
        }
        for (Step step : TcPlan.filters(device)) {
            tc.take(step);
        }
        assertThat(tc.filters()).isEmpty();
    }

    @Test
    void morePeersThanABucketHoldsAreRefusedInWords() throws Exception {
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i <= TcLayout.PER_BUCKET; i++) {
            pairs.add(pair("10." + (i >> 8) + "." + (i & 255) + ".7", "10.42.2.0/24"));
        }
        GuardTable table = GuardTable.of(pairs, List.of());
        assertThatThrownBy(() -> TcPlan.between(new FakeTc(false).device(), table, false))
                .hasMessage(
                        "the packet guard by tc takes no more than 2047 subnets of peers whose node IPs end in the same"
                                + " octet, or of this node; use nftables");
    }
}
