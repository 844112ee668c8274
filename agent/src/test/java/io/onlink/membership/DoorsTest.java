package io.onlink.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.onlink.inet.Ipv4;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DoorsTest {
    private final Doors doors = new Doors();

    private static InetAddress host(int n) {
        return Endpoint.socket(new Ipv4(0x0a000000 + n), 1).getAddress();
    }

    private static Channel channel() {
        return new EmbeddedChannel();
    }

    /** Strangers from eight addresses where no member is known fill the house. */
    private List<Channel> crowd() {
        List<Channel> crowd = new ArrayList<>();
        for (int i = 0; i < Doors.MAX_STRANGERS; i++) {
            Channel channel = channel();
            assertThat(doors.stranger(channel, host(i % 8), false)).isEmpty();
            crowd.add(channel);
        }
        return crowd;
    }

    @Test
    void aFloodOfStrangersCostsNoConnectionFromAMembersAddress() {
        List<Channel> crowd = crowd();
        Channel member = channel();
        assertThat(doors.stranger(member, host(100), true)).containsExactly(crowd.get(0));
        for (int i = 0; i < 10_000; i++) {
            assertThat(doors.stranger(channel(), host(200 + i), false))
                    .hasSize(1)
                    .doesNotContain(member);
        }
        assertThat(doors.member(member, 7)).isEmpty();
    }

    @Test
    void whereMembersFillTheHouseAStrangerIsTurnedAwayAndAMemberCostsTheFirst() {
        List<Channel> members = new ArrayList<>();
        for (int i = 0; i < Doors.MAX_STRANGERS; i++) {
            Channel channel = channel();
            assertThat(doors.stranger(channel, host(i), true)).isEmpty();
            members.add(channel);
        }
        Channel stranger = channel();
        assertThat(doors.stranger(stranger, host(100), false)).containsExactly(stranger);
        assertThat(doors.stranger(channel(), host(101), true)).containsExactly(members.get(0));
    }

    @Test
    void unfinishedPacketsHaveOneLimitForAllAndTheOldestGoesFirst() {
        List<Channel> slow = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Channel channel = channel();
            slow.add(channel);
            assertThat(doors.unfinished(channel, 1 << 19)).isEmpty();
            assertThat(doors.unfinished(channel, 1 << 20)).isEmpty();
        }
        Channel late = channel();
        assertThat(doors.unfinished(late, 100)).containsExactly(slow.get(0));
        assertThat(doors.unfinished(late, 1 << 20)).isEmpty();
        assertThat(doors.unfinished(slow.get(1), (1 << 20) + 1)).containsExactly(slow.get(1));
        doors.gone(slow.get(2));
        assertThat(doors.unfinished(slow.get(3), 0)).as("finished").isEmpty();
        assertThat(doors.unfinished(late, Doors.MAX_UNFINISHED_BYTES)).isEmpty();
    }

    @Test
    void oneAddressHasEightPlacesAndItsFirstGoesForTheNinth() {
        List<Channel> same = new ArrayList<>();
        for (int i = 0; i < Doors.MAX_STRANGERS_OF_ONE; i++) {
            Channel channel = channel();
            assertThat(doors.stranger(channel, host(1), true)).isEmpty();
            same.add(channel);
        }
        assertThat(doors.stranger(channel(), host(1), true)).containsExactly(same.get(0));
        assertThat(doors.stranger(channel(), host(2), false)).isEmpty();
    }
}
