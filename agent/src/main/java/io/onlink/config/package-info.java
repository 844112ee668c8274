/**
 * The settings of an agent, each once, checked before anything starts.
 *
 * <p>{@link io.onlink.config.Setting} lists them with default, unit and how to choose; {@link
 * io.onlink.config.ConfigReader} takes them from flags, environment, a YAML file and the defaults, in this order of
 * precedence, and gives either a {@link io.onlink.config.Config} or every problem at once. A {@code Config} that exists
 * is consistent in itself; whether the host agrees (its addresses, its kernel) is for others to find out.
 *
 * <p>Runs once, on the main thread, before any other starts. The values are immutable. Reads the configuration file and
 * the kernel's host name and nothing else.
 */
@NullMarked
package io.onlink.config;

import org.jspecify.annotations.NullMarked;
