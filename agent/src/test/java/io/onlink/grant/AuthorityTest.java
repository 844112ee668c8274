package io.onlink.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AuthorityTest {
    private static final String B = "b 172.16.165.244 10.42.2.0/24";

    private final Grants ours = Grants.of("ours");

    @Test
    void whatTheAuthoritySignedIsGranted() {
        Authority.Verdict verdict = ours.authority().verify(ours.token(B));
        assertThat(verdict.grant()).isEqualTo(Grants.grant(B));
        assertThat(verdict.grant()).hasToString("node b, node IP [172.16.165.244], subnets [10.42.2.0/24]");
        assertThat(verdict.problem()).isEmpty();
    }

    @Test
    void whatAnotherAuthoritySignedIsNot() {
        Authority.Verdict verdict = ours.authority().verify(Grants.of("theirs").token(B));
        assertThat(verdict.grant()).isNull();
        assertThat(verdict.problem()).matches("the grant is not signed by this mesh's authority \\[[0-9a-f]{8}]");
    }

    @Test
    void everyFlippedBitAndEveryTruncationIsRefused() {
        Authority authority = ours.authority();
        byte[] good = ours.token(B).bytes();
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(authority.verify(GrantToken.of(bad)).grant())
                    .as("bit %d", bit)
                    .isNull();
        }
        for (int length = 0; length < good.length; length++) {
            GrantToken cut = GrantToken.of(Arrays.copyOf(good, length));
            assertThat(authority.verify(cut).grant()).as("%d bytes", length).isNull();
        }
    }

    @Test
    void aTokenIsVerifiedOnceHoweverOftenItIsAskedFor() {
        Authority authority = ours.authority();
        GrantToken good = ours.token(B);
        GrantToken bad = Grants.of("theirs").token(B);
        for (int i = 0; i < 100; i++) {
            authority.verify(good);
            authority.verify(bad);
        }
        assertThat(authority.verifications()).isEqualTo(2);
    }

    @Test
    void whileTheKeyIsReplacedGrantsOfBothCount() {
        Grants next = Grants.of("next");
        Authority both = Authority.parse(ours.publicPem() + "the next one\n" + next.publicPem());
        assertThat(both.fingerprints()).hasSize(2).doesNotHaveDuplicates();
        assertThat(both.verify(ours.token(B)).grant()).isNotNull();
        assertThat(both.verify(next.token(B)).grant()).isNotNull();
    }

    @Test
    void aGrantCoversPartsOfItsPrefixesAndNothingElse() {
        Grant grant = Grants.grant("b 172.16.165.244 10.42.2.0/24 10.42.8.0/22");
        Ipv4 ip = Ipv4.parse("172.16.165.244");
        List<Ipv4Prefix> parts = List.of(Ipv4Prefix.parse("10.42.2.128/25"), Ipv4Prefix.parse("10.42.8.0/22"));
        assertThat(grant.excess("b", ip, parts)).isEmpty();
        assertThat(grant.excess("c", ip, parts)).isEqualTo("the grant is for node b");
        assertThat(grant.excess("b", Ipv4.parse("172.16.165.9"), parts))
                .isEqualTo("the grant is for node IP [172.16.165.244], not 172.16.165.9");
        assertThat(grant.excess("b", ip, List.of(Ipv4Prefix.parse("10.42.2.0/23"))))
                .isEqualTo("the grant is for [10.42.2.0/24, 10.42.8.0/22], not 10.42.2.0/23");
    }

    @Test
    void theLargestGrantFitsAndALargerIsRefused() {
        List<Ipv4> ips = IntStream.range(0, 8).mapToObj(Ipv4::new).toList();
        List<Ipv4Prefix> subnets = IntStream.range(0, 16)
                .mapToObj(i -> Ipv4Prefix.parse("10." + i + ".0.0/16"))
                .toList();
        Grant largest = new Grant("n".repeat(63), ips, subnets);
        assertThat(GrantCodec.encode(largest)).hasSize(GrantToken.MAX_BYTES - GrantToken.SIGNATURE);
        assertThat(GrantCodec.decode(GrantCodec.encode(largest))).isEqualTo(largest);
        assertThatThrownBy(() -> GrantToken.of(new byte[GrantToken.MAX_BYTES + 1]))
                .hasMessage("a grant of 244 bytes is longer than 243");
        assertThatThrownBy(() -> new Grant("b", ips, List.of()))
                .hasMessage("a grant has 1 to 16 subnets, not 0;" + " a shorter prefix covers more");
        assertThatThrownBy(() -> new Grant("b\n", ips, subnets)).hasMessageContaining("1 to 63 characters");
    }

    @Test
    void oneGrantHasOneForm() {
        byte[] two = GrantCodec.encode(Grants.grant("b 172.16.165.244 10.42.2.0/24 10.42.3.0/24"));
        byte[] swapped = two.clone();
        System.arraycopy(two, two.length - 5, swapped, two.length - 10, 5);
        System.arraycopy(two, two.length - 10, swapped, two.length - 5, 5);
        assertThatThrownBy(() -> GrantCodec.decode(swapped)).hasMessage("it is not in the one form a grant has");
        assertThatThrownBy(() -> GrantCodec.decode(new byte[] {2}))
                .hasMessage("it has version 2, and this agent knows 1");
    }

    @Test
    void aGrantFileIsOneLineBesideComments() {
        GrantToken token = ours.token(B);
        assertThat(GrantToken.parse("# for b\n\n" + token.base64() + "\n")).isEqualTo(token);
        assertThatThrownBy(() -> GrantToken.parse("")).hasMessage("is no grant file: it has not one line of base64");
        assertThatThrownBy(() -> GrantToken.parse("????")).hasMessageStartingWith("is no grant file: Illegal base64");
    }

    @Test
    void whatIsNoKeyFileIsSaid() {
        assertThatThrownBy(() -> Authority.parse("")).hasMessage("is no file with 1 to 4 PEM public keys");
        assertThatThrownBy(() -> Authority.parse(Pem.encode("PUBLIC KEY", new byte[44])))
                .hasMessage("holds a key that is no Ed25519 public key");
        assertThatThrownBy(() -> AuthorityKey.parse(ours.publicPem()))
                .hasMessage("is no file with one PEM private key");
        assertThatThrownBy(() -> AuthorityKey.parse(Pem.encode("PRIVATE KEY", new byte[48])))
                .hasMessage("holds no Ed25519 private key");
    }

    @Test
    void theKeyIsInNoText() {
        assertThat(AuthorityKey.generate()).hasToString("authority key");
        assertThat(AuthorityKey.parse(AuthorityKey.generate().privatePem())).hasToString("authority key");
    }
}
