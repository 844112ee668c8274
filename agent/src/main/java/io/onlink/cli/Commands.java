package io.onlink.cli;

import io.onlink.config.Config;
import io.onlink.config.Place;
import java.util.function.ToIntFunction;

/**
 * What the commands do that is not done here. Each function returns the exit status.
 *
 * @param version what {@code --version} prints
 * @param agent runs an agent until it is told to stop
 * @param cleanup takes away what a stopped agent left on the host
 */
public record Commands(String version, ToIntFunction<Config> agent, ToIntFunction<Place> cleanup) {}
