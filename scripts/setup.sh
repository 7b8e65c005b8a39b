# What ./run, ./test and ./lifecycle have in common. Sourced by them; `root` is the repository.

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
# A build must not leave worker processes behind that hold this script's output open.
export MSBUILDDISABLENODEREUSE=1
# A service account may have no home of its own.
if [ ! -w "${HOME:-/nowhere}" ]; then export DOTNET_CLI_HOME="$root/artifacts/home"; fi

fail() {
  echo "$1" >&2
  exit 1
}

need_dotnet() {
  if ! command -v dotnet >/dev/null && [ -x "${HOME:-}/.dotnet/dotnet" ]; then PATH="$HOME/.dotnet:$PATH"; fi
  command -v dotnet >/dev/null || fail "The .NET SDK 10 is missing: install it and run this again."
  (cd "$root" && dotnet --version >/dev/null 2>&1) || fail "The .NET SDK 10 is missing (only another version is here): install it and run this again."
}

may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

install_packages() {
  local log
  log=$(mktemp)
  echo "Installing $* ..." >&2
  if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; } </dev/null >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    fail "Installing $* failed; the last lines of apt-get are above."
  fi
  rm -f "$log"
}

has_postgresql() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null; }

# The server's programs are wanted, not the cluster that Debian would create and start along with them.
need_postgresql() {
  if has_postgresql; then return; fi
  may_install || fail "PostgreSQL is missing: install its server (on Debian or Ubuntu: sudo apt-get install postgresql) or name a database in LIFECYCLE_DATABASE."
  local settings=/etc/postgresql-common/createcluster.conf kept=
  if [ ! -e "$settings" ]; then
    install_packages postgresql-common
    kept=$(mktemp)
    cp "$settings" "$kept"
    echo 'create_main_cluster = false' >>"$settings"
  fi
  install_packages postgresql
  if [ -n "$kept" ]; then
    cp "$kept" "$settings"
    rm -f "$kept"
  fi
  has_postgresql || fail "PostgreSQL was installed but its initdb is not where Debian puts it: name a database in LIFECYCLE_DATABASE."
}

need_node() {
  local missing=()
  command -v node >/dev/null || missing+=(nodejs)
  command -v npm >/dev/null || missing+=(npm)
  if [ ${#missing[@]} = 0 ]; then return; fi
  may_install || fail "Node.js is missing, which the tests with real SDKs need: install it (on Debian or Ubuntu: sudo apt-get install ${missing[*]})."
  install_packages "${missing[@]}"
}

# One line for all that a project is built from: names, sizes and times, so that deletions and moves count as well.
fingerprint() {
  (cd "$root" && find src samples Directory.Build.props Directory.Packages.props global.json .editorconfig \
    -type f -not -path '*/node_modules/*' -printf '%p %s %T@\n' 2>/dev/null | LC_ALL=C sort | sha256sum)
}

product() { echo "$root/artifacts/bin/$1/release/$1.dll"; }

# Restores exactly what the lock files name and builds, unless nothing changed since the last time.
build_product() {
  local project=$1 stamp present log
  stamp="$root/artifacts/$project.built"
  mkdir -p "$root/artifacts"
  # Two starts at once take turns.
  exec 9>"$root/artifacts/build.lock"
  if command -v flock >/dev/null; then flock 9; fi
  present=$(fingerprint)
  if [ ! -f "$(product "$project")" ] || [ "$(cat "$stamp" 2>/dev/null)" != "$present" ]; then
    [ "${2:-}" = silently ] || echo "Building $project ..." >&2
    log=$(mktemp)
    if ! dotnet build "$root/src/$project/$project.csproj" -c Release -v q --nologo </dev/null >"$log" 2>&1 9>&-; then
      cat "$log" >&2
      rm -f "$log"
      fail "Building $project failed; what the compiler said is above."
    fi
    rm -f "$log"
    echo "$present" >"$stamp"
  fi
  exec 9>&-
}
