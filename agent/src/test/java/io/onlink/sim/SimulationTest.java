package io.onlink.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Some runs of {@link Simulation}; many are its main method. */
class SimulationTest {
    private static final int SEEDS = 500;
    private static final int HOSTS = 8;

    private static void holds(Plan plan, int hosts) {
        World.Result result = Simulation.run(plan);
        assertThat(result.good()).as(Simulation.told(result, hosts)).isTrue();
    }

    @Test
    void theSameSeedIsTheSameCourseOfEvents() {
        for (long seed = 0; seed < 5; seed++) {
            assertThat(Simulation.run(Plan.brief(seed)).hash())
                    .isEqualTo(Simulation.run(Plan.brief(seed)).hash())
                    .isNotEqualTo(Simulation.run(Plan.brief(seed + 1)).hash());
        }
    }

    @Test
    void whatTheAgentsPromiseHoldsWhateverHappens() {
        for (long seed = 0; seed < SEEDS; seed++) {
            holds(Plan.brief(seed), 0);
        }
    }

    /** Ten minutes each of up to eight hosts. */
    @ParameterizedTest
    @ValueSource(longs = {1, 42, 84, 159})
    void itHoldsForLongerRunsOfMoreHosts(long seed) {
        holds(Plan.of(seed, HOSTS), HOSTS);
    }
}
