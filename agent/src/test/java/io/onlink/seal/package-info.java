@NullMarked
package io.onlink.seal;

import org.jspecify.annotations.NullMarked;
