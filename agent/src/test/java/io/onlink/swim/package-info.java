/** Tests of the gossip cluster: real sockets on 127.0.0.0/8, bounded waits. */
@NullMarked
package io.onlink.swim;

import org.jspecify.annotations.NullMarked;
