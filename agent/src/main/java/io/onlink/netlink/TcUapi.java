package io.onlink.netlink;

/** Numbers of traffic control; each group names its header under {@code include/uapi/linux}. */
final class TcUapi {
    // rtnetlink.h
    static final int RTM_NEWQDISC = 36;
    static final int RTM_DELQDISC = 37;
    static final int RTM_GETQDISC = 38;
    static final int RTM_NEWTFILTER = 44;
    static final int RTM_DELTFILTER = 45;
    static final int RTM_GETTFILTER = 46;
    static final int RTM_NEWACTION = 48;
    static final int RTM_DELACTION = 49;
    static final int RTM_GETACTION = 50;
    static final int RTNLGRP_TC = 4;
    static final int TCA_KIND = 1;
    static final int TCA_OPTIONS = 2;
    static final int TCA_CHAIN = 11;
    static final int TCA_ACT_TAB = 1;

    // if_link.h, if.h
    static final int IFLA_MASTER = 10;
    static final int IFF_LOOPBACK = 8;

    // if_ether.h
    static final int ETH_P_ALL = 3;
    static final int ETH_P_IP = 0x800;
    static final int ETH_P_8021Q = 0x8100;
    static final int ETH_P_8021AD = 0x88a8;

    // pkt_sched.h
    static final int TC_H_CLSACT = 0xfffffff1;
    static final int TC_H_INGRESS = 0xfffffff2;
    static final int TC_H_EGRESS = 0xfffffff3;
    static final int CLSACT_HANDLE = 0xffff0000;

    // pkt_cls.h
    static final int TCA_U32_CLASSID = 1;
    static final int TCA_U32_HASH = 2;
    static final int TCA_U32_LINK = 3;
    static final int TCA_U32_DIVISOR = 4;
    static final int TCA_U32_SEL = 5;
    static final int TCA_U32_ACT = 7;
    static final int TC_U32_TERMINAL = 1;
    static final int TC_U32_ROOT = 0xfff00000;
    static final int TCA_ACT_KIND = 1;
    static final int TCA_ACT_OPTIONS = 2;
    static final int TCA_ACT_INDEX = 3;
    static final int TCA_ACT_STATS = 4;
    static final int TC_ACT_OK = 0;
    static final int TC_ACT_SHOT = 2;

    // tc_act/tc_gact.h, gen_stats.h
    static final int TCA_GACT_PARMS = 2;
    static final int TCA_STATS_BASIC = 1;
    static final int TCA_STATS_PKT64 = 8;

    private TcUapi() {}
}
