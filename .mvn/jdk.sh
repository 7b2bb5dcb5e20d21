# Sourced by mvnw and lugha: finds a JDK 25 or newer and exports it as JAVA_HOME, or says in one line
# why not and exits 2. Maven itself has to run on that JDK, because an older one cannot pack modules of
# this one. Candidates are judged by their `release` file, so no JVM is started to ask.

# Prints the home of the first fitting JDK, or the reason there is none. A subshell: leaves nothing behind.
lugha_find_jdk() (
  set +ef
  IFS='
'
  wanted=25
  seen=
  best=
  best_major=

  # What stands in folder $1: sets version ("25.0.3") and major ("25"), both empty if it is no Java.
  read_version() {
    version= major=
    if [ -r "$1/release" ]; then
      while IFS='=' read -r key value; do
        [ "$key" = JAVA_VERSION ] || continue
        value=${value#\"}
        version=${value%%\"*}
      done <"$1/release"
    elif [ -x "$1/bin/javac" ]; then
      version=$("$1/bin/javac" -version 2>/dev/null)
      version=${version#javac }
    fi
    major=${version#1.}
    major=${major%%[!0-9]*}
  }

  # Notes what stands in folder $1; true if it is a JDK that will do.
  fits() {
    home=$(cd -P "$1" 2>/dev/null && pwd) || return 1
    case $seen in *"$home ("*) return 1 ;; esac
    read_version "$home"
    [ -n "$major" ] || return 1
    if [ "$major" -ge "$wanted" ] && [ -x "$home/bin/javac" ]; then
      return 0
    fi
    [ -x "$home/bin/javac" ] || version="$version without javac"
    seen="${seen:+$seen, }$home ($version)"
    return 1
  }

  # The home behind the `java` on PATH, through links and through the shims of version managers.
  home_on_path() {
    java=$(command -v java) || return 1
    while [ -L "$java" ]; do
      link=$(readlink "$java")
      case $link in
      /*) java=$link ;;
      *) java=$(dirname "$java")/$link ;;
      esac
    done
    home=$(dirname "$(dirname "$java")")
    if [ ! -r "$home/release" ]; then
      home=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p')
    fi
    [ -n "$home" ] && printf '%s\n' "$home"
  }

  found() {
    printf '%s\n' "$1"
    exit 0
  }

  if [ -n "${JAVA_HOME-}" ]; then
    case $JAVA_HOME in *\\*) JAVA_HOME=$(cygpath --unix "$JAVA_HOME") ;; esac
    fits "$JAVA_HOME" && found "$home"
  fi
  on_path=$(home_on_path) && fits "$on_path" && found "$home"

  # Of those installed, the oldest that will do: it is the nearest to what this version was tried on.
  mac=Library/Java/JavaVirtualMachines
  for folder in /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /usr/local/java/* /opt/* /opt/java/* \
    "${HOME-}"/.sdkman/candidates/java/* "${HOME-}"/.jdks/* "${HOME-}"/.gradle/jdks/* \
    "${HOME-}"/.asdf/installs/java/* "${HOME-}"/.local/share/mise/installs/java/* \
    "/$mac"/*/Contents/Home "${HOME-}/$mac"/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /home/linuxbrew/.linuxbrew/opt/openjdk*/libexec \
    /c/Program\ Files/Eclipse\ Adoptium/* /c/Program\ Files/Java/*; do
    [ -d "$folder/bin" ] && fits "$folder" || continue
    if [ -z "$best" ] || [ "$major" -lt "$best_major" ]; then
      best=$home best_major=$major
    fi
  done
  [ -z "$best" ] || found "$best"

  printf '%s' "needs a JDK $wanted or newer: looked at JAVA_HOME${JAVA_HOME:+ ($JAVA_HOME)}, PATH and the usual" \
    " install folders (/usr/lib/jvm, /usr/java, /opt, ~/.sdkman, ~/.jdks and the like), found ${seen:-none};" \
    " get one from https://adoptium.net or your package manager, then try again or set JAVA_HOME"
  exit 1
)

if ! JAVA_HOME=$(lugha_find_jdk); then
  printf '%s: %s\n' "$(basename "$0")" "$JAVA_HOME" >&2
  exit 2
fi
export JAVA_HOME
