package io.onlink.inet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Ipv4PrefixTest {
    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0/0", "10.42.1.0/24", "255.255.255.255/32", "172.16.165.33/32", "128.0.0.0/1"})
    void aPrefixReadsBackAsItIsWritten(String text) {
        assertThat(Ipv4Prefix.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "10.42.1.0",
                "10.42.1/24",
                "10.42.1.0/33",
                "10.42.1.0/-1",
                "10.42.01.0/24",
                "10.42.1.0/24 ",
                "256.0.0.0/8",
                "10.42.1.0/2x",
                "10.42.1.0.0/24",
                "::/0",
                "1.2.3.4/",
                "+1.2.3.4/32",
                "10..1.0/24"
            })
    void anythingElseIsRefusedByName(String text) {
        assertThatThrownBy(() -> Ipv4Prefix.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void hostBitsAreRefusedWithASuggestion() {
        assertThatThrownBy(() -> Ipv4Prefix.parse("10.42.1.7/24"))
                .hasMessage("10.42.1.7/24 has host bits set; did you mean 10.42.1.0/24?");
    }

    @ParameterizedTest
    @CsvSource({
        "10.42.0.0/16, 10.42.1.0/24, true",
        "10.42.1.0/24, 10.42.0.0/16, true",
        "10.42.1.0/24, 10.42.2.0/24, false",
        "0.0.0.0/0,    203.0.113.0/24, true",
        "10.42.1.0/25, 10.42.1.128/25, false",
    })
    void overlapIsContainmentEitherWay(String a, String b, boolean overlap) {
        assertThat(Ipv4Prefix.parse(a).overlaps(Ipv4Prefix.parse(b))).isEqualTo(overlap);
    }

    @Test
    void theFirstHostIsTheAddressAfterTheBase() {
        assertThat(Ipv4Prefix.parse("10.42.1.0/24").firstHost()).hasToString("10.42.1.1");
        assertThat(Ipv4Prefix.parse("10.42.1.9/32").firstHost()).hasToString("10.42.1.9");
        assertThat(Ipv4Prefix.parse("10.42.1.0/24").last()).hasToString("10.42.1.255");
    }

    @Test
    void everyAddressReadsBackAndOrderIsUnsigned() {
        Random random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            Ipv4 address = new Ipv4(random.nextInt());
            assertThat(Ipv4.parse(address.toString())).isEqualTo(address);
        }
        assertThat(Ipv4.parse("200.0.0.1")).isGreaterThan(Ipv4.parse("10.0.0.1"));
    }
}
