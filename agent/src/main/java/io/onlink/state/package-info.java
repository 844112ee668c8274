/**
 * What outlives the agent on disk beside its numbers: the last good view of the mesh, and what the host was like before
 * the agent changed it.
 *
 * <p>A file is whole or it does not count: written beside and renamed, with a checksum. None is needed: one that is
 * missing, torn or foreign is named in the log and costs what it held, never a start. Nothing here is decided by the
 * wall clock.
 *
 * <p>Reading is for the thread that starts; the view is written by a thread of its own, for a disk may hang.
 */
@NullMarked
package io.onlink.state;

import org.jspecify.annotations.NullMarked;
