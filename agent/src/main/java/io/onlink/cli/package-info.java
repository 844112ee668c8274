/**
 * The commands people type: {@code onlink agent}, {@code leave}, {@code status}, {@code cleanup}, {@code config},
 * {@code keygen}.
 *
 * <p>picocli finds the command and writes help; every flag of a setting is generated from {@link
 * io.onlink.config.Setting} and read by {@link io.onlink.config.ConfigReader}, so that a setting exists once and all its
 * problems come together. What a command does to the host is handed in as {@link io.onlink.cli.Commands}. Results go to
 * standard output, everything else to standard error; exit statuses are those of sysexits.h.
 *
 * <p>Runs on the main thread.
 */
@NullMarked
package io.onlink.cli;

import org.jspecify.annotations.NullMarked;
