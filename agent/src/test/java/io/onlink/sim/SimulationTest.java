package io.onlink.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Some runs of {@link Simulation}; many are its main method. */
class SimulationTest {
    private static final int HOSTS = 8;

    @Test
    void theSameSeedIsTheSameCourseOfEvents() {
        for (long seed = 0; seed < 5; seed++) {
            assertThat(Simulation.run(Plan.of(seed, HOSTS)).hash())
                    .isEqualTo(Simulation.run(Plan.of(seed, HOSTS)).hash())
                    .isNotEqualTo(Simulation.run(Plan.of(seed + 1, HOSTS)).hash());
        }
    }

    @Test
    void nothingIsViolated() {
        for (long seed = 0; seed < 50; seed++) {
            World.Result result = Simulation.run(Plan.of(seed, HOSTS));
            assertThat(result.good()).as(Simulation.told(result, HOSTS)).isTrue();
        }
    }
}
