package io.onlink.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.junit.jupiter.api.Test;

/** What others call themselves goes into logs, pages and metric labels: it cannot hold anything but plain characters. */
class NodeNameTest {
    @Test
    void noCharacterBesideThePlainOnesGetsIntoANameOrIntoTheMessageThatRefusesIt() {
        String plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
        for (int c = 0; c <= Character.MAX_VALUE; c++) {
            String text = "b" + (char) c;
            Throwable refusal = catchThrowable(() -> new NodeName(text));
            assertThat(refusal == null).as("character %x", c).isEqualTo(plain.indexOf(c) >= 0);
            if (refusal != null) {
                assertThat(refusal.getMessage()).as("character %x", c).matches("[\\x20-\\x7e]+");
            }
        }
    }

    @Test
    void aNameHasAtMost63Characters() {
        assertThat(new NodeName("n".repeat(63)).text()).hasSize(63);
        assertThat(catchThrowable(() -> new NodeName("n".repeat(64)))).hasMessageEndingWith("nnn...'");
    }
}
