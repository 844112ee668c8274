# shellcheck shell=bash
# The seed topology as network namespaces: A and B on 172.16.165.0/24, C and D on 172.16.168.0/24, and a router R
# between the two. Each host has one link, eth0, and a default route by R. To be sourced after lib.sh.
#
#   A 172.16.165.33   10.42.1.0/24            C 172.16.168.113  10.42.3.0/24
#   B 172.16.165.244  10.42.2.0/24 --- R ---  D 172.16.168.114  10.42.4.0/24

LAB_PREFIX=${LAB_PREFIX:-onlink-}
LAB_RUN=${LAB_RUN:-/run/${LAB_PREFIX}lab}
PATH=$(dirname "$ONLINK"):$PATH

declare -A NODE_IP=([a]=172.16.165.33 [b]=172.16.165.244 [c]=172.16.168.113 [d]=172.16.168.114)
declare -A LAN=([a]=lan165 [b]=lan165 [c]=lan168 [d]=lan168)
declare -A ROUTER_IP=([lan165]=172.16.165.1 [lan168]=172.16.168.1)
declare -A SUBNET=([a]=10.42.1.0/24 [b]=10.42.2.0/24 [c]=10.42.3.0/24 [d]=10.42.4.0/24)
# shellcheck disable=SC2034 # for the scripts that source this
declare -A BRIDGE_IP=([a]=10.42.1.1 [b]=10.42.2.1 [c]=10.42.3.1 [d]=10.42.4.1)
SEEDS=${NODE_IP[a]}:5114,${NODE_IP[b]}:5114

netns() { printf '%s%s' "$LAB_PREFIX" "$1"; }

# on HOST COMMAND...: runs COMMAND inside the host, as a child of this shell with nothing in between.
on() { nsenter --net="/run/netns/$(netns "$1")" -- "${@:2}"; }

# start_on HOST COMMAND...: the same in the background; COMMAND's own pid is in STARTED.
start_on() {
  nsenter --net="/run/netns/$(netns "$1")" -- "${@:2}" </dev/null &
  STARTED=$!
}

# make_router: R with one bridge for each of the two networks; and the key that all hosts share.
make_router() {
  mkdir -p "$LAB_RUN"
  (umask 077 && onlink keygen >"$LAB_RUN/key")
  ip netns add "$(netns r)"
  on r ip link set lo up
  local lan
  for lan in "${!ROUTER_IP[@]}"; do
    on r ip link add "$lan" type bridge
    on r ip addr add "${ROUTER_IP[$lan]}/24" dev "$lan"
    on r ip link set "$lan" up
  done
  on r sysctl -qw net.ipv4.ip_forward=1
}

# make_host HOST: one link to its network, and the default route.
make_host() {
  ip netns add "$(netns "$1")"
  on "$1" ip link set lo up
  on r ip link add "port-$1" type veth peer name eth0 netns "$(netns "$1")"
  on r ip link set "port-$1" master "${LAN[$1]}" up
  on "$1" ip addr add "${NODE_IP[$1]}/24" dev eth0
  on "$1" ip link set eth0 up
  on "$1" ip route add default via "${ROUTER_IP[${LAN[$1]}]}"
  mkdir -p "$LAB_RUN/$1"
}

# cable HOST up|down: the host's link, at the router's end.
cable() { on r ip link set "port-$1" "$2"; }

# agent_command HOST [OPTION...]: puts the command that starts HOST's agent into AGENT_COMMAND.
AGENT_COMMAND=()
agent_command() {
  AGENT_COMMAND=(onlink agent --node-name "$1" --node-ip "${NODE_IP[$1]}" --subnet "${SUBNET[$1]}"
    --seed "$SEEDS" --overlay-cidr 10.42.0.0/16 --bridge mybr0 --http 127.0.0.1:5115
    --key-file "$LAB_RUN/key"
    --run-dir "$LAB_RUN/$1/run" --state-dir "$LAB_RUN/$1/state" "${@:2}")
}

# start_agent HOST [OPTION...]: starts the agent in the background; its pid is AGENT_PID[HOST].
declare -A AGENT_PID=()
start_agent() {
  agent_command "$@"
  start_on "$1" "${AGENT_COMMAND[@]}" >>"$LAB_RUN/$1/log" 2>&1
  AGENT_PID[$1]=$STARTED
}

# kill_agent HOST: SIGKILL, and the end of it awaited.
kill_agent() {
  kill -9 "${AGENT_PID[$1]}" 2>/dev/null || true
  wait "${AGENT_PID[$1]}" 2>/dev/null || true
  unset "AGENT_PID[$1]"
}

agent_runs() { [[ -n ${AGENT_PID[$1]:-} ]] && kill -0 "${AGENT_PID[$1]}" 2>/dev/null; }

# Ends what runs in the lab's namespaces and takes them away.
remove_hosts() {
  local host
  disown -a # bash would report each of them as killed
  for host in "${!NODE_IP[@]}" r; do
    [[ -e /run/netns/$(netns "$host") ]] || continue
    ip netns pids "$(netns "$host")" | xargs -r kill -9
    ip netns del "$(netns "$host")"
  done
  rm -rf "$LAB_RUN"
}
