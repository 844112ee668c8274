/**
 * What a host must let through for the mesh to work, and what it was like before: checked, named in plain words, and put
 * back by {@code onlink cleanup}.
 *
 * <p>Judging is pure; what is written is written down first, so that a crash between the two loses nothing. What an agent
 * of another boot or network namespace wrote down counts for nothing.
 *
 * <p>Of the agent's thread.
 */
@NullMarked
package io.onlink.host;

import org.jspecify.annotations.NullMarked;
