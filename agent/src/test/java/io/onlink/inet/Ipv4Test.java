package io.onlink.inet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.onlink.Seeded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Ipv4Test {
    @ParameterizedTest
    @CsvSource({
        "172.16.165.33,   true,  false",
        "10.0.0.0,        true,  false",
        "223.255.255.255, true,  false",
        "1.0.0.0,         true,  false",
        "0.0.0.0,         false, false",
        "0.255.255.255,   false, false",
        "127.0.0.1,       false, true",
        "127.255.255.255, false, true",
        "128.0.0.0,       true,  false",
        "224.0.0.0,       false, false",
        "240.0.0.1,       false, false",
        "255.255.255.255, false, false",
    })
    void someAddressesAreAHosts(String text, boolean unicast, boolean loopback) {
        assertThat(Ipv4.parse(text).isUnicast()).isEqualTo(unicast);
        assertThat(Ipv4.parse(text).isLoopback()).isEqualTo(loopback);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.",
                ".1.2.3",
                "1.2.3.256",
                "1.2.3.04",
                "1.2.3.4 ",
                "0x1.2.3.4",
                "1.2.3.-4",
                "1.2.3.+4",
                "1.2.3.1000",
                "\u0661.2.3.4",
                "a.b.c.d",
                "1,2,3,4",
                "99999999999.1.1.1"
            })
    void anythingButFourPlainOctetsIsRefusedByName(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ipv4.parse(text))
                .withMessage("'" + text + "' is not an IPv4 address such as 172.16.165.33");
    }

    @Test
    void theFirstOctetIsTheMostSignificant() {
        assertThat(Ipv4.parse("172.16.165.33").bits()).isEqualTo(0xac10a521);
        assertThat(Ipv4.ANY).hasToString("0.0.0.0");
    }

    @ParameterizedTest
    @CsvSource({"/08", "/00", "/032", "/ 8", "/٨"})
    void aLengthHasNoLeadingZero(String length) {
        assertThatIllegalArgumentException().isThrownBy(() -> Ipv4Prefix.parse("0.0.0.0" + length));
    }

    @Test
    void containmentIsWhatItsAddressesSay() {
        Seeded.cases(2000, random -> {
            Ipv4 near = new Ipv4(random.nextInt());
            Ipv4Prefix one = Ipv4Prefix.of(near, random.nextInt(33));
            Ipv4Prefix other = Ipv4Prefix.of(new Ipv4(near.bits() ^ 1 << random.nextInt(32)), random.nextInt(33));
            boolean ends = one.contains(other.base()) && one.contains(other.last());
            assertThat(one.contains(other)).as(one + " " + other).isEqualTo(ends && other.length() >= one.length());
            boolean apart =
                    one.last().compareTo(other.base()) < 0 || other.last().compareTo(one.base()) < 0;
            assertThat(one.overlaps(other))
                    .as(one + " " + other)
                    .isEqualTo(!apart)
                    .isEqualTo(other.overlaps(one));
            assertThat(Ipv4Prefix.parse(one.toString())).isEqualTo(one);
            assertThat(one.contains(near)).isTrue();
            assertThat(one.contains(one.firstHost())).isTrue();
        });
    }

    @Test
    void prefixesAreOrderedByAddressThenLength() {
        assertThat(Ipv4Prefix.parse("10.0.0.0/8"))
                .isLessThan(Ipv4Prefix.parse("10.0.0.0/9"))
                .isLessThan(Ipv4Prefix.parse("192.0.0.0/2"));
    }
}
