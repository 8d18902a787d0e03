#!/usr/bin/env bash
# Installs a build into a folder of its own, builds a small job against it as any other CMake project would, and runs
# it. Usage: run.sh BUILD-FOLDER. Prints how long the compiler took; adds it to $STREAMWORK_MEASUREMENTS if that is set.
set -euo pipefail
build=$(cd "$1" && pwd)
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cmake --install "$build" --prefix "$work/prefix" >"$work/install.log"

# Nothing installed may speak of the folder it was built in.
if grep -rlF --include='*.cmake' --include='*.hpp' -e "$(cd "$here/../.." && pwd)" "$work/prefix"; then
  echo "the files above name the source folder" >&2
  exit 1
fi

# The installed copy is moved first: a package must not depend on where it was installed to.
mv "$work/prefix" "$work/moved"
"$work/moved/bin/streamwork" --version
cmake -S "$here/consumer" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
  -DCMAKE_PREFIX_PATH="$work/moved" >"$work/configure.log" || { cat "$work/configure.log"; exit 1; }

begin=$(date +%s%N)
CCACHE_DISABLE=1 cmake --build "$work/build" >"$work/build.log" || { cat "$work/build.log"; exit 1; }
took=$((($(date +%s%N) - begin) / 10000000))
line=$(printf 'a job against the installed package: built in %d.%02d s' $((took / 100)) $((took % 100)))
echo "$line"
[[ -z ${STREAMWORK_MEASUREMENTS:-} ]] || echo "$line" >>"$STREAMWORK_MEASUREMENTS"

printf 'car\nbus\ncar\n' | "$work/build/small_job" >"$work/output"
diff <(sort "$work/output") "$here/consumer/expected_output"

# What `streamwork new` makes builds as it says, and its test passes.
(cd "$work" && PATH="$work/moved/bin:$PATH" streamwork new own >/dev/null)
for step in "cmake -S $work/own -B $work/own/build -G Ninja -DCMAKE_PREFIX_PATH=$work/moved" "cmake --build $work/own/build" \
  "ctest --test-dir $work/own/build --no-tests=error"; do
  CCACHE_DISABLE=1 $step >"$work/own.log" 2>&1 || { cat "$work/own.log"; exit 1; }
done
echo "to be or not to be" | "$work/own/build/own" --quiet --console off | grep -xF '{"word":"to","count":2}' >/dev/null ||
  { echo "the job that streamwork new makes does not count words" >&2; exit 1; }
