/** Where the agent starts. */
@NullMarked
package io.onlink;

import org.jspecify.annotations.NullMarked;
