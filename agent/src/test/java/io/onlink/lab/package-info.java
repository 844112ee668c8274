/**
 * The packaged agent on a kernel with the real ipip module, driven by the scripts of {@code deploy/lab}.
 *
 * <p>The claims stand in {@code deploy/lab/story}, the script that {@code deploy/demo} shows to people, so what is
 * shown and what is tested cannot drift apart. These tests only run it and judge its status. They need root, and
 * User-Mode Linux where the kernel has no ipip.
 */
@NullMarked
package io.onlink.lab;

import org.jspecify.annotations.NullMarked;
