/** Tests of the commands; expected texts are what a person at the terminal reads. */
@NullMarked
package io.onlink.cli;

import org.jspecify.annotations.NullMarked;
