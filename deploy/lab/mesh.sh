# shellcheck shell=bash
# A mesh of real agents in network namespaces, which the long measurements of the lab share: hosts on one bridge, each
# with eth0 172.31.7.N/24 and a veth named tunl0 in place of the ipip device, which takes the same routes.
# To be sourced after lib.sh; the caller sets HOSTS (at most 200), PREFIX (of the namespaces' names) and RUN, a directory
# with the key file, and calls remove_hosts at the end.

declare -a AGENTS=() MONITORS=()

# on HOST COMMAND...: HOST is 1 to HOSTS, or u for the underlay's switch.
on() { nsenter --net="/run/netns/$PREFIX$1" -- "${@:2}"; }

make_hosts() {
  local host
  ip netns add "${PREFIX}u"
  on u ip link add br0 type bridge
  on u ip link set br0 up
  for ((host = 1; host <= HOSTS; host++)); do
    ip netns add "$PREFIX$host"
    on "$host" ip link set lo up
    on u ip link add "p$host" type veth peer name eth0 netns "$PREFIX$host"
    on u ip link set "p$host" master br0 up
    on "$host" ip addr add "172.31.7.$host/24" dev eth0
    on "$host" ip link set eth0 up
    on "$host" ip link add tunl0 type veth peer name tunl0-far
    on "$host" ip link set tunl0-far up
    mkdir "$RUN/$host"
  done
}

remove_hosts() {
  local host
  ((!${#AGENTS[@]})) || kill -9 "${AGENTS[@]}" 2>/dev/null || true
  ((!${#MONITORS[@]})) || kill "${MONITORS[@]}" 2>/dev/null || true
  wait "${AGENTS[@]}" "${MONITORS[@]}" 2>/dev/null || true
  AGENTS=() MONITORS=()
  for host in $(seq "$HOSTS") u; do
    [[ ! -e /run/netns/$PREFIX$host ]] || ip netns del "$PREFIX$host"
  done
}

# start_agent HOST: hosts 1 to SEEDS are the seeds, all of them if nothing is said.
start_agent() {
  local host=$1
  nsenter --net="/run/netns/$PREFIX$host" -- "$ONLINK" agent --node-name "h$host" --node-ip "172.31.7.$host" \
    --subnet "10.42.$host.0/24" --seed "$(seq -s, -f "172.31.7.%g:5114" "${SEEDS:-$HOSTS}")" --key-file "$RUN/key" \
    --http 127.0.0.1:5115 --run-dir "$RUN/$host/run" --state-dir "$RUN/$host/state" \
    >>"$RUN/$host/log" 2>&1 </dev/null &
  AGENTS[host]=$!
}

start_agents() {
  local host
  for ((host = 1; host <= HOSTS; host++)); do start_agent "$host"; done
}

# Every host has a route to each of the others.
whole() {
  local host
  for ((host = 1; host <= HOSTS; host++)); do
    [[ $(on "$host" ip -N route show proto 114 | grep -c '^10\.42\.') == $((HOSTS - 1)) ]] || return 1
  done
}

# Appended to, so that a monitor's file may be cut to nothing while it runs.
start_monitors() {
  local host
  for ((host = 1; host <= HOSTS; host++)); do
    nsenter --net="/run/netns/$PREFIX$host" -- ip -ts -4 -N monitor route nexthop \
      >>"$RUN/$host/monitor" 2>&1 </dev/null &
    MONITORS[host]=$!
  done
}

# The metrics of all, or of the hosts named.
scrape() {
  local host
  for ((host = 1; host <= HOSTS; host++)); do
    on "$host" curl -sS -m 10 http://127.0.0.1:5115/metrics >"$RUN/$host/metrics" || die "no metrics from h$host"
  done
}

# total SERIES: the sum over all hosts by the last scrape.
total() { cat "$RUN"/*/metrics | awk -v series="$1" '$1 == series { sum += $2 } END { printf "%d", sum }'; }
