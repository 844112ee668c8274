/**
 * IPv4 addresses and prefixes as values.
 *
 * <p>Text is parsed strictly and once, at the edge; a value that exists is valid. Everything here is immutable and may
 * be used by any thread. Imports nothing but {@code java.*}.
 */
@NullMarked
package io.onlink.inet;

import org.jspecify.annotations.NullMarked;
