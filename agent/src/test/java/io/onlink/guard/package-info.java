@NullMarked
package io.onlink.guard;

import org.jspecify.annotations.NullMarked;
