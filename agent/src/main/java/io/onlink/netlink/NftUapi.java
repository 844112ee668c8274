package io.onlink.netlink;

/** Numbers of nf_tables; each group names its header under {@code include/uapi/linux}. */
final class NftUapi {
    // netfilter/nfnetlink.h
    static final int NFNL_SUBSYS_NFTABLES = 10;
    static final int NFNL_MSG_BATCH_BEGIN = 0x10;
    static final int NFNL_MSG_BATCH_END = 0x11;
    static final int NFNLGRP_NFTABLES = 7;

    // netfilter/nf_tables.h: messages
    static final int NEWTABLE = 0xa00;
    static final int GETTABLE = 0xa01;
    static final int DELTABLE = 0xa02;
    static final int NEWCHAIN = 0xa03;
    static final int GETCHAIN = 0xa04;
    static final int NEWRULE = 0xa06;
    static final int GETRULE = 0xa07;
    static final int NEWSET = 0xa09;
    static final int GETSET = 0xa0a;
    static final int NEWSETELEM = 0xa0c;
    static final int GETSETELEM = 0xa0d;
    static final int DELSETELEM = 0xa0e;
    static final int NEWGEN = 0xa0f;
    static final int GETGEN = 0xa10;
    static final int NEWOBJ = 0xa12;
    static final int GETOBJ = 0xa13;

    /** The table's name is attribute 1 of every message but those of the generation. */
    static final int TABLE = 1;

    static final int NFTA_TABLE_FLAGS = 2;
    static final int NFTA_TABLE_USE = 3;
    static final int NFTA_CHAIN_NAME = 3;
    static final int NFTA_CHAIN_HOOK = 4;
    static final int NFTA_CHAIN_POLICY = 5;
    static final int NFTA_CHAIN_TYPE = 7;
    static final int NFTA_HOOK_HOOKNUM = 1;
    static final int NFTA_HOOK_PRIORITY = 2;
    static final int NFTA_RULE_CHAIN = 2;
    static final int NFTA_RULE_EXPRESSIONS = 4;
    static final int NFTA_LIST_ELEM = 1;
    static final int NFTA_EXPR_NAME = 1;
    static final int NFTA_EXPR_DATA = 2;
    static final int NFTA_SET_NAME = 2;
    static final int NFTA_SET_FLAGS = 3;
    static final int NFTA_SET_KEY_TYPE = 4;
    static final int NFTA_SET_KEY_LEN = 5;
    static final int NFTA_SET_DESC = 9;
    static final int NFTA_SET_ID = 10;
    static final int NFTA_SET_TIMEOUT = 11;
    static final int NFTA_SET_EXPR = 17;
    static final int NFTA_SET_DESC_SIZE = 1;
    static final int NFTA_SET_DESC_CONCAT = 2;
    static final int NFTA_SET_FIELD_LEN = 1;
    static final int NFTA_SET_ELEM_LIST_SET = 2;
    static final int NFTA_SET_ELEM_LIST_ELEMENTS = 3;
    static final int NFTA_SET_ELEM_KEY = 1;
    static final int NFTA_SET_ELEM_FLAGS = 3;
    static final int NFTA_SET_ELEM_EXPR = 7;
    static final int NFTA_SET_ELEM_KEY_END = 10;
    static final int NFTA_DATA_VALUE = 1;
    static final int NFTA_DATA_VERDICT = 2;
    static final int NFTA_VERDICT_CODE = 1;
    static final int NFTA_OBJ_NAME = 2;
    static final int NFTA_OBJ_TYPE = 3;
    static final int NFTA_OBJ_DATA = 4;
    static final int NFTA_COUNTER_BYTES = 1;
    static final int NFTA_COUNTER_PACKETS = 2;
    static final int NFTA_GEN_ID = 1;

    // netfilter/nf_tables.h: values
    static final int NFT_SET_INTERVAL = 4;
    static final int NFT_SET_TIMEOUT = 0x10;
    static final int NFT_SET_EVAL = 0x20;
    static final int NFT_SET_CONCAT = 0x80;
    static final int NFT_SET_ELEM_INTERVAL_END = 1;
    static final int NFT_OBJECT_COUNTER = 1;
    static final int NFT_DYNSET_OP_UPDATE = 1;
    static final int NFT_REG_VERDICT = 0;
    static final int NFT_REG_1 = 1;
    static final int NFT_REG32_01 = 9;
    static final int NFT_PAYLOAD_NETWORK_HEADER = 1;
    static final int NFT_META_IIFNAME = 6;
    static final int NFT_META_OIFNAME = 7;

    // netfilter.h, netfilter_ipv4.h
    static final int NFPROTO_INET = 1;
    static final int NF_DROP = 0;
    static final int NF_ACCEPT = 1;
    static final int NF_INET_PRE_ROUTING = 0;
    static final int NF_INET_LOCAL_IN = 1;
    static final int NF_INET_FORWARD = 2;
    static final int NF_INET_LOCAL_OUT = 3;

    /** The nft command's numbers for its types, which the kernel only keeps: an address, and two of them. */
    static final int TYPE_IPADDR = 7;

    static final int TYPE_IPADDR_IPADDR = (TYPE_IPADDR << 6) | TYPE_IPADDR;

    private NftUapi() {}
}
