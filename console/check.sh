#!/usr/bin/env bash
# Is the committed page the one that its sources make? Builds it anew beside the committed one, without changing anything, and
# compares; then runs the unit tests, and with --page the tests in a real browser (package chromium). Needs node from 18 up and npm.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

say() { printf 'console: %s\n' "$*" >&2; }

for tool in node npm; do
  command -v "$tool" >/dev/null || { say "no $tool here: install the packages nodejs and npm (node 18 or newer)"; exit 2; }
done
[[ $(node --print 'process.versions.node.split(".")[0] >= 18') == true ]] || { say "node $(node --version) is too old: 18 or newer"; exit 2; }

fresh=$(mktemp --directory)
trap 'rm -rf "$fresh"' EXIT
status=0

npm ci --no-audit --no-fund --loglevel=error >&2
npx openapi-typescript ../src/console/api.yaml --output "$fresh/schema.ts" >&2
cmp "$fresh/schema.ts" source/api/schema.ts || { say "source/api/schema.ts is not what src/console/api.yaml says: ./dev page"; status=1; }
npx tsc --noEmit || status=1
npx vite build --outDir "$fresh/dist" --emptyOutDir --logLevel warn >&2
diff --recursive --brief "$fresh/dist" dist || { say "dist/ is not what the sources make: ./dev page, and commit it"; status=1; }
npm run --silent test || status=1
if [[ ${1:-} == --page ]]; then
  npm run --silent test:page || status=1
fi
exit "$status"
