# shellcheck shell=bash
# What deploy/demo, deploy/test and the lab share: plain output, bounded waits, packages and the build.
# To be sourced; the caller has set -euo pipefail.

LAB_HOME=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
REPO=$(cd "$LAB_HOME/../.." && pwd)
ONLINK=${ONLINK:-$REPO/agent/target/onlink/bin/onlink}
export LC_ALL=C ONLINK

say() { printf '%s\n' "$*"; }

die() {
  printf 'failed: %s\n' "$*" >&2
  exit 1
}

# Seconds since some fixed moment, with microseconds; for elapsed time within one run.
now() { printf '%s' "$EPOCHREALTIME"; }

# elapsed SINCE: seconds from then to now, one decimal.
elapsed() { awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }'; }

# within SECONDS COMMAND...: asks again and again until COMMAND succeeds; fails at the deadline.
within() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < deadline)) || return 1
    sleep 0.1
  done
}

# apt_candidate PACKAGE...: the first of them that this Debian has.
apt_candidate() {
  local package
  for package in "$@"; do
    if [[ $(apt-cache policy "$package") == *Candidate:\ [0-9]* ]]; then
      say "$package"
      return
    fi
  done
  die "this system's package lists have none of: $*"
}

# need COMMAND PACKAGE [ALTERNATIVE...]: notes the package when the command is missing.
MISSING=()
need() {
  command -v "$1" >/dev/null || MISSING+=("${*:2}")
}

# Installs what need noted, and says so.
LISTS_FRESH=0
install_missing() {
  ((${#MISSING[@]})) || return 0
  command -v apt-get >/dev/null || die "missing and not installable here without apt-get: ${MISSING[*]}"
  local packages=() wanted alternatives
  if ((!LISTS_FRESH)); then
    say "Missing on this machine: ${MISSING[*]%% *}. Refreshing the package lists (apt-get update)."
    apt-get -qq update || die "apt-get update: no package lists, so nothing can be installed"
    LISTS_FRESH=1
  fi
  for wanted in "${MISSING[@]}"; do
    read -ra alternatives <<<"$wanted"
    packages+=("$(apt_candidate "${alternatives[@]}")")
  done
  say "Installing: apt-get install ${packages[*]}"
  local log
  log=$(mktemp)
  if ! DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "${packages[@]}" \
    >"$log" 2>&1 </dev/null; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    die "apt-get install ${packages[*]}"
  fi
  rm -f "$log"
  MISSING=()
  hash -r
}

need_root() {
  [[ $(id -u) == 0 ]] || die "this needs root: network namespaces, and a kernel's routes, are made here"
}

# Everything a build and a lab need; User-Mode Linux only where this kernel has no ipip.
install_for_lab() {
  need_root
  need ip iproute2
  need ping iputils-ping
  need tcpdump tcpdump
  need ps procps
  need curl curl
  need modprobe kmod
  need unshare util-linux
  need nft nftables
  need python3 python3
  need javac openjdk-17-jdk-headless default-jdk-headless
  need mvn maven
  install_missing
  if ! kernel_has_ipip; then
    need linux.uml user-mode-linux
    install_missing
  fi
  local release
  release=$(javac -version 2>&1 | sed -E 's/^javac ([0-9]+).*/\1/')
  ((release >= 17)) || die "javac on PATH is release $release, and 17 or newer is needed"
}

# The tests of dashboards and alerts ask Prometheus itself. Where it is not installed, Debian's package is fetched and only
# unpacked, so that no service starts. Sets PROMETHEUS_HOME, empty where prometheus and promtool are on PATH.
fetch_prometheus() {
  PROMETHEUS_HOME=
  if command -v prometheus >/dev/null && command -v promtool >/dev/null; then return; fi
  PROMETHEUS_HOME=$REPO/agent/target/prometheus
  [[ ! -x $PROMETHEUS_HOME/usr/bin/promtool ]] || return 0
  command -v apt-get >/dev/null || die "prometheus and promtool are missing, and not to be had here without apt-get"
  say "Missing on this machine: prometheus, promtool. Fetching Debian's package prometheus to unpack it, not to install it."
  mkdir -p "$PROMETHEUS_HOME"
  if ((!LISTS_FRESH)); then
    apt-get -qq update || die "apt-get update: no package lists, so prometheus cannot be fetched"
    LISTS_FRESH=1
  fi
  (cd "$PROMETHEUS_HOME" && apt-get -qq -o APT::Sandbox::User=root download prometheus) \
    || die "apt-get download prometheus: the tests of dashboards and alerts need it"
  dpkg-deb -x "$PROMETHEUS_HOME"/prometheus_*.deb "$PROMETHEUS_HOME" || die "unpacking of the package prometheus"
}

# Tries in a throw-away namespace, so that nothing but the module itself is left behind.
kernel_has_ipip() {
  unshare --net sh -c 'ip link show tunl0 || ip link add name probe0 type ipip local 127.0.0.1' >/dev/null 2>&1
}

# Builds unless what the last build left is newer than every source file of it.
BUILD_STAMP=$REPO/agent/target/onlink.built
build_if_stale() {
  cd "$REPO" || return
  if [[ -x $ONLINK && -e $BUILD_STAMP ]] \
    && [[ -z $(find pom.xml proto agent -name target -prune -o -path agent/src/test -prune \
      -o -type f -newer "$BUILD_STAMP" -print -quit) ]]; then
    return
  fi
  say "Building (mvn -B -ntp package -DskipTests); the first build fetches its libraries."
  local log start
  start=$(now)
  log=$(mktemp)
  touch "$log.start"
  if ! mvn -B -ntp package -DskipTests >"$log" 2>&1 </dev/null; then
    tail -n 40 "$log" >&2
    rm -f "$log" "$log.start"
    die "the build"
  fi
  touch -r "$log.start" "$BUILD_STAMP"
  rm -f "$log" "$log.start"
  say "Built in $(elapsed "$start") s."
}
