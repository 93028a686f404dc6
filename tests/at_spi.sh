#!/usr/bin/env bash
# Prints what assistive tools get of the real window: its tree by AT-SPI, then what is heard at each key.
#
#   tests/at_spi.sh PROGRAM FILE [KEY...]
#
# FILE is opened by PROGRAM on a screen and a bus of their own; keys are named as xdotool does. Ends
# with 77 and the reason where something is not there that it needs (on Debian: at-spi2-core, dbus,
# libglib2.0-bin, gir1.2-atspi-2.0, python3-gi, xvfb, xdotool).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

skip() {
    echo "there is no $1"
    exit 77
}
for tool in Xvfb xdotool dbus-run-session gdbus; do
    command -v $tool >/dev/null || skip $tool
done
# The system's own, since it is the one that the system's packages are for.
python=/usr/bin/python3
$python -c 'import gi; gi.require_version("Atspi", "2.0"); from gi.repository import Atspi' 2>/dev/null ||
    skip "Atspi for Python"

if [[ ${1:-} != --on-the-bus ]]; then
    folder=$(mktemp -d)
    mkdir -m 700 "$folder/run"
    trap 'rm -rf "$folder"' EXIT
    export XDG_RUNTIME_DIR=$folder/run PRESSMARK_CONFIG_DIR=$folder/config
    dbus-run-session -- bash tests/at_spi.sh --on-the-bus "$folder" "$@"
    exit
fi
folder=$2 program=$3 file=$4
shift 4

Xvfb -displayfd 1 -screen 0 1280x900x24 -noreset -nolisten tcp >"$folder/display" 2>"$folder/screen" &
screen=$!
window=
end() {
    kill $window $screen 2>/dev/null || true
    wait $window $screen 2>/dev/null || true
}
trap end EXIT
for _ in $(seq 100); do [[ -s $folder/display ]] && break; sleep 0.1; done
export DISPLAY=:$(cat "$folder/display")
gdbus call --session --dest org.a11y.Bus --object-path /org/a11y/bus \
    --method org.freedesktop.DBus.Properties.Set org.a11y.Status IsEnabled '<true>' >/dev/null 2>&1 ||
    skip "accessibility bus"
gdbus call --session --dest org.a11y.Bus --object-path /org/a11y/bus \
    --method org.freedesktop.DBus.Properties.Set org.a11y.Status ScreenReaderEnabled '<true>' >/dev/null

"$program" "$file" >"$folder/out" 2>&1 &
window=$!
id=
for _ in $(seq 200); do
    id=$(xdotool search --onlyvisible --name 'Pressmark' 2>/dev/null | tail -n 1 || true)
    [[ -n $id ]] && break
    kill -0 $window 2>/dev/null || { cat "$folder/out"; exit 1; }
    sleep 0.1
done
xdotool windowfocus "$id"
$python tests/at_spi.py "$@"
