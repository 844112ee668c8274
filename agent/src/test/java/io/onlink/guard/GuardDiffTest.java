package io.onlink.guard;

import static io.onlink.guard.Tables.table;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GuardDiffTest {
    private static final GuardTable B = table("10.42.1.0/24", "10.99.0.2 . 10.42.2.0/24");
    private static final GuardTable C = table("10.42.1.0/24", "10.99.0.3 . 10.42.3.0/24");
    private static final GuardTable BOTH =
            table("10.42.1.0/24", "10.99.0.2 . 10.42.2.0/24", "10.99.0.3 . 10.42.3.0/24");

    @Test
    void aTableIsMinimalWhateverItIsMadeOf() {
        assertThat(table(
                                "10.42.1.0/24,10.42.1.128/25,10.42.0.0/23",
                                "10.99.0.2 . 10.42.2.0/24",
                                "10.99.0.2 . 10.42.2.64/26",
                                "10.99.0.3 . 10.42.2.64/26",
                                "10.99.0.2 . 10.42.2.0/25")
                        .toString())
                .isEqualTo(
                        "GuardTable[pairs=[10.99.0.2 . 10.42.2.0/24, 10.99.0.3 . 10.42.2.64/26], own=[10.42.0.0/23]]");
    }

    @Test
    void wideningAddsWhatIsNewAndKeepsWhatGoesForTheNarrowingAfterTheRoutes() {
        GuardChange wider = GuardDiff.widen(GuardReading.intact(B), C);
        assertThat(GuardDiff.after(B, wider)).isEqualTo(BOTH);
        GuardChange narrower = GuardDiff.narrow(BOTH, C);
        assertThat(GuardDiff.after(BOTH, narrower)).isEqualTo(C);
        assertThat(((GuardChange.Update) narrower).removePairs()).hasToString("[10.99.0.2 . 10.42.2.0/24]");
    }

    @Test
    void nothingIsToDoForWhatStands() {
        assertThat(GuardDiff.widen(GuardReading.intact(B), B).isNothing()).isTrue();
        assertThat(GuardDiff.narrow(B, B).isNothing()).isTrue();
    }

    @Test
    void whatDoesNotStandIsWrittenWhole() {
        assertThat(GuardDiff.widen(GuardReading.ABSENT, B)).isEqualTo(new GuardChange.Rewrite(B));
        assertThat(GuardDiff.widen(GuardReading.ALTERED, B)).isEqualTo(new GuardChange.Rewrite(B));
    }

    @Test
    void aPrefixThatIsSplitStaysWholeUntilTheRoutesAreSplitAndNothingEverOverlaps() {
        GuardTable whole = table("10.42.1.0/24", "10.99.0.2 . 10.42.2.0/23");
        GuardTable half = table("10.42.1.0/24", "10.99.0.2 . 10.42.2.0/24");
        assertThat(GuardDiff.widen(GuardReading.intact(whole), half).isNothing())
                .isTrue();
        GuardChange.Update split = (GuardChange.Update) GuardDiff.narrow(whole, half);
        assertThat(split.removePairs()).hasToString("[10.99.0.2 . 10.42.2.0/23]");
        assertThat(split.addPairs()).hasToString("[10.99.0.2 . 10.42.2.0/24]");
        GuardChange.Update joined = (GuardChange.Update) GuardDiff.widen(GuardReading.intact(half), whole);
        assertThat(joined.removePairs()).hasToString("[10.99.0.2 . 10.42.2.0/24]");
        assertThat(joined.addPairs()).hasToString("[10.99.0.2 . 10.42.2.0/23]");
    }
}
