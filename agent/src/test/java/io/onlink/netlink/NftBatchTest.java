package io.onlink.netlink;

import static io.onlink.guard.Tables.table;
import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.guard.GuardChange;
import io.onlink.guard.GuardDiff;
import io.onlink.guard.GuardTable;
import io.onlink.guard.Tables;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How large a transaction is reckoned to be, and how large it is. */
class NftBatchTest {
    private static final GuardTable NONE = GuardTable.EMPTY;

    /** Writes into a buffer that has the reckoned room and no more. */
    private static int written(long elements, Consumer<NftBatch> content) {
        MessageWriter writer = new MessageWriter(
                ByteBuffer.allocate((int) NftBatch.room(elements)).order(ByteOrder.nativeOrder()));
        NftBatch batch = new NftBatch(writer, NftGuard.TABLE);
        content.accept(batch);
        batch.end();
        return writer.length();
    }

    private static GuardChange.Update update(GuardTable is, GuardTable then) {
        return (GuardChange.Update) GuardDiff.narrow(is, then);
    }

    @Test
    void aPeerIsCountedOnceInEachSetOfPeersHoweverManyPrefixesAreBehindIt() {
        GuardTable three = table(
                "10.42.1.0/24", "10.99.0.2 . 10.42.2.0/24", "10.99.0.2 . 10.43.0.0/16", "10.99.0.3 . 10.42.3.0/24");
        assertThat(NftBatch.count(three)).isEqualTo(3 + 3 * 2 + 1);
        assertThat(NftBatch.count(update(NONE, three))).isEqualTo(3 + 3 * 2 + 1);
        GuardTable moved = table(
                "10.42.1.0/24", "10.99.0.2 . 10.42.2.0/24", "10.99.0.2 . 10.43.0.0/16", "10.99.0.4 . 10.42.3.0/24");
        assertThat(NftBatch.count(update(three, moved))).isEqualTo(1 + 3 + 1 + 3);
    }

    @Test
    void twoHundredAndFiftyThousandPrefixesOfAThousandNodesAreNotTooManyForATransaction() {
        GuardTable many = Tables.ofPeers(1000, 250);
        assertThat(many.pairs()).hasSize(250_000);
        assertThat(NftBatch.room(NftBatch.count(many))).isLessThanOrEqualTo(NftGuard.MOST);
        assertThat(NftBatch.room(NftBatch.count(update(NONE, many)))).isLessThanOrEqualTo(NftGuard.MOST);
    }

    /** One prefix to a node is what has the most elements to a pair. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 20})
    void whatIsWrittenHasTheRoomThatWasReckoned(int prefixes) {
        GuardTable many = Tables.ofPeers(20_000 / prefixes, prefixes);
        GuardTable others = GuardTable.of(
                Tables.ofPeers(40_000 / prefixes, prefixes)
                        .pairs()
                        .tailSet(many.pairs().last()),
                List.of());
        assertThat(written(NftBatch.count(many), batch -> batch.rewrite(NftLayout.of("tunl0"), many)))
                .isPositive();
        GuardChange.Update change = update(many, others);
        assertThat(written(NftBatch.count(change), batch -> batch.update(many, others, change)))
                .isPositive();
    }
}
