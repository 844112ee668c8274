/** Tests of the settings; expected texts are what a person at the terminal reads. */
@NullMarked
package io.onlink.config;

import org.jspecify.annotations.NullMarked;
