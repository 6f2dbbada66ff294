# Sourced by the launchers beside it: builds the benchmarks when needed and sets java, classpath and flags.
# shellcheck shell=bash
set -euo pipefail

home=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
modules=(core audit torch lab sweep bench)
classpath_file=$home/bench/target/classpath

fail() {
  printf '%s: %s\n' "$(basename "$0")" "$1" >&2
  exit 2
}

if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ]; then
  java=$JAVA_HOME/bin/java
else
  java=$(command -v java) || fail "no Java found: install JDK 17 or newer, or set JAVA_HOME"
fi

sources=("$home/pom.xml")
for module in "${modules[@]}"; do
  sources+=("$home/$module/pom.xml" "$home/$module/src/main")
done
built=$home/bench/target/widthwise-bench.built
if [ ! -f "$classpath_file" ] || [ ! -f "$built" ] || [ -n "$(find "${sources[@]}" -newer "$built" -print -quit)" ]; then
  mvn=$(command -v mvn) || fail "no Maven found: install Maven 3.8 or newer to build"
  printf '%s: building\n' "$(basename "$0")" >&2
  mkdir -p "$home/bench/target"
  log=$home/bench/target/build.log
  if ! (cd "$home" && "$mvn" --batch-mode --quiet -DskipTests -pl bench -am package) >"$log" 2>&1; then
    tail -n 30 "$log" >&2
    fail "the build failed; all of its output is in $log"
  fi
  touch "$built"
fi
classpath=$home/bench/target/widthwise-bench.jar:$(cat "$classpath_file")

# Before the JVM starts, or OpenBLAS and libgomp spin against each other and a step takes 7 times as long.
export OMP_WAIT_POLICY=${OMP_WAIT_POLICY:-PASSIVE}

# The memory settings of the command widthwise, which says why. Python inherits them.
export THP_MEM_ALLOC_ENABLE=${THP_MEM_ALLOC_ENABLE:-1}
export MALLOC_TRIM_THRESHOLD_=${MALLOC_TRIM_THRESHOLD_:-4294967296}
export MALLOC_MMAP_THRESHOLD_=${MALLOC_MMAP_THRESHOLD_:-33554432}

# As the command widthwise is run.
flags=(-XX:+UseSerialGC -Djava.awt.headless=true -Dorg.bytedeco.javacpp.maxPhysicalBytes=0)
java_real=$(readlink -f "$java" 2>/dev/null || printf '%s' "$java")
release=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$(dirname "$java_real")/../release" 2>/dev/null || true)
if [ "${release:-17}" -ge 22 ]; then
  flags+=(--enable-native-access=ALL-UNNAMED)
fi
