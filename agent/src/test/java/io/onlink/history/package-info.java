/** Tests of the history; expected texts are what a person at the terminal reads. */
@NullMarked
package io.onlink.history;

import org.jspecify.annotations.NullMarked;
