package io.onlink.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What one message and one name may be. */
class AdvertisementTest {
    private static final Ipv4 NODE_IP = Ipv4.parse("172.16.165.244");

    private static Advertisement of(long boot, long generation, int port, int subnets, String version) {
        List<Ipv4Prefix> prefixes = IntStream.range(0, subnets)
                .mapToObj(i -> Ipv4Prefix.parse("10.42." + i + ".0/24"))
                .toList();
        return new Advertisement(new NodeName("b"), boot, generation, NODE_IP, port, prefixes, 0, version);
    }

    @Test
    void theLimitsThemselvesAreAllowed() {
        assertThat(of(1, 1, 1, 0, "")).isNotNull();
        assertThat(of(-1, -1, 65_535, 64, "v".repeat(64)).subnets()).hasSize(64);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 5114,  1, 0.1.0, boot id 0 of node b is reserved",
        "1, 0,     1, 0.1.0, gossip port 0 of node b is not 1 to 65535",
        "1, 65536, 1, 0.1.0, gossip port 65536 of node b is not 1 to 65535",
        "1, 5114, 65, 0.1.0, 'node b advertises 65 subnets, more than 64'",
        "1, 5114,  1, '0 1', version text of node b is too long or not plain text",
        "1, 5114,  1, '0\u001b[2J', version text of node b is too long or not plain text",
    })
    void whatIsBeyondIsRefusedByName(long boot, int port, int subnets, String version, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of(boot, 1, port, subnets, version))
                .withMessage(message);
    }

    @Test
    void aLongVersionIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> of(1, 1, 5114, 1, "v".repeat(65)));
    }

    @ParameterizedTest
    @CsvSource({
        "2, 1,  1, 9,  true",
        "1, 9,  2, 1,  false",
        "1, 2,  1, 1,  true",
        "1, 1,  1, 1,  false",
        "-1, 1, 9, 1,  true",
        "1, -1, 1, 9,  true",
    })
    void theHigherGenerationCountsAndOfEqualOnesTheHigherBoot(
            long generation, long boot, long otherGeneration, long otherBoot, boolean supersedes) {
        Advertisement one = of(boot, generation, 5114, 1, "");
        Advertisement other = of(otherBoot, otherGeneration, 5114, 1, "");
        assertThat(one.supersedes(other)).isEqualTo(supersedes);
        assertThat(one.supersedes(other) && other.supersedes(one)).isFalse();
    }

    @Test
    void itsSubnetsAreItsOwn() {
        List<Ipv4Prefix> given = new ArrayList<>(List.of(Ipv4Prefix.parse("10.42.2.0/24")));
        Advertisement one = new Advertisement(new NodeName("b"), 1, 1, NODE_IP, 5114, given, 0, "");
        given.clear();
        assertThat(one.subnets()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"b", "rack-7.host_3", "A.B.C", "-", "."})
    void aNameIsPlainText(String text) {
        assertThat(new NodeName(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a\n", "a/b", "a\"b", "a{b}", "\u00e9", "a~b", "\u0661", "a:b"})
    void anythingElseIsNoName(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NodeName(text))
                .withMessageMatching("[\\x20-\\x7e]+");
    }

    @Test
    void aNameHasSixtyThreeCharactersAtMostAndALongOneIsNotRepeatedWhole() {
        assertThat(new NodeName("n".repeat(63)).text()).hasSize(63);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NodeName("n".repeat(100_000)))
                .withMessageEndingWith("not '" + "n".repeat(63) + "...'");
    }

    @Test
    void namesAreOrderedAsText() {
        assertThat(new NodeName("a")).isLessThan(new NodeName("b")).isGreaterThan(new NodeName("B"));
    }
}
