/**
 * The Linux kernel's routing tables, links and counters over rtnetlink (rtnetlink(7), {@code linux/rtnetlink.h}).
 *
 * <p>The only package that calls native code. Every length that comes from the kernel is checked: a message decodes
 * wholly or is refused with a {@link io.onlink.netlink.NetlinkException}. A dump is whole or it is an exception, and no
 * call waits for longer than {@value io.onlink.netlink.NetlinkConnection#TIMEOUT_SECONDS} seconds for the kernel. A
 * {@link io.onlink.netlink.LinuxKernel} belongs to one thread; a {@link io.onlink.netlink.KernelMonitor} has its own.
 */
@NullMarked
package io.onlink.netlink;

import org.jspecify.annotations.NullMarked;
