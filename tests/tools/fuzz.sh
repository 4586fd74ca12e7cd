#!/usr/bin/env bash
# Fuzzes every target of domain/fuzz, a minute in all: no input may panic, none may take longer than a second.
# No sanitizer, since the domain has no unsafe code: so the stable compiler does.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../domain"

seconds=60
findings="${CARGO_TARGET_DIR:-../target}/fuzz-findings"
mkdir -p "$findings"
corpus="$(mktemp -d)"
trap 'rm -rf "$corpus"' EXIT

mapfile -t targets < <(cargo fuzz list)
[ "${#targets[@]}" -gt 0 ] || { echo "domain/fuzz has no target" >&2; exit 1; }
for fuzz_target in "${targets[@]}"; do
    mkdir "$corpus/$fuzz_target"
    folders=("$corpus/$fuzz_target")
    [ ! -d "fuzz/seeds/$fuzz_target" ] || folders+=("fuzz/seeds/$fuzz_target")
    cargo fuzz run --sanitizer none "$fuzz_target" "${folders[@]}" -- \
        -max_total_time=$((seconds / ${#targets[@]})) -timeout=1 -max_len=4096 -seed=20100331 \
        -artifact_prefix="$findings/" -verbosity=0 -print_final_stats=1
done
