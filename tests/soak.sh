#!/usr/bin/env bash
# Kills the real window at random moments while it is being marked in, again and again, and looks
# whether every annotation that was on the screen is there after the next start.
#
#   tests/soak.sh [KILLS]       50 unless told; needs Xvfb and xdotool, and a release build
#
# What was on the screen is taken from the frame log: each line is written before its frame is shown,
# and says how many annotations it painted. The article fits the screen whole.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
kills=${1:-50}
program=$PWD/target/release/pressmark
folder=$(mktemp -d)
export PRESSMARK_CONFIG_DIR=$folder/config
mkdir -p "$PRESSMARK_CONFIG_DIR"
printf '(reading_size: 11.0, measure_chars: 150, line_spacing: 1.3, annotator: "soak", id_tag: "soak")' \
    >"$PRESSMARK_CONFIG_DIR/settings.ron"

for paragraph in $(seq 14); do
    for word in $(seq 30); do printf 'w%s-%s ' "$paragraph" "$word"; done
    printf '\n\n'
done >"$folder/article.txt"
"$program" import "$folder/article.txt" -o "$folder/soak.ron" >/dev/null

Xvfb -displayfd 1 -screen 0 1440x1000x24 -nolisten tcp >"$folder/display" 2>/dev/null &
screen=$!
trap 'kill $screen 2>/dev/null; rm -rf "$folder"' EXIT
for _ in $(seq 100); do [[ -s $folder/display ]] && break; sleep 0.1; done
export DISPLAY=:$(cat "$folder/display")

# The last field of the last whole line of a frame log.
painted() { awk 'END { print $NF + 0 }' "$1"; }

start() {
    "$program" --frame-log "$folder/log" "$folder/soak.ron" >"$folder/out" 2>&1 &
    window=$!
    for _ in $(seq 100); do
        id=$(xdotool search --onlyvisible --name 'Pressmark' 2>/dev/null | tail -n 1 || true)
        [[ -n $id ]] && break
        sleep 0.1
    done
    xdotool windowmove "$id" 0 0 windowsize "$id" 1440 1000 windowfocus "$id" 2>/dev/null || true
    sleep 0.7
}

expected=0
lost=0
for kill in $(seq "$kills"); do
    rm -f "$folder/log"
    start
    found=$(painted "$folder/log")
    if ((found < expected)); then
        echo "kill $((kill - 1)): $expected annotations were on the screen, $found came back"
        lost=$((lost + 1))
    fi
    xdotool key --delay 5 ctrl+j ctrl+Home
    # Each round begins in another paragraph, and further on in it than the rounds before.
    (
        for _ in $(seq $((kill % 14))); do echo key ctrl+Down; done
        for _ in $(seq $((kill / 14 * 7))); do echo key ctrl+Right; done
        for step in $(seq 40); do
            echo key ctrl+shift+Right key c
            ((step % 9 == 0)) && echo key ctrl+s
        done
        true
    ) | xdotool - >/dev/null 2>&1 &
    typing=$!
    sleep "$(awk -v seed="$RANDOM" 'BEGIN { srand(seed); printf "%.3f", 0.4 + rand() * 1.4 }')"
    kill -9 "$window"
    wait "$window" 2>/dev/null || true
    kill "$typing" 2>/dev/null || true
    wait "$typing" 2>/dev/null || true
    expected=$(painted "$folder/log")
    printf 'kill %d: %d annotations on the screen\n' "$kill" "$expected"
done
rm -f "$folder/log"
start
found=$(painted "$folder/log")
kill -9 "$window"
((found < expected)) && lost=$((lost + 1))
echo "$kills kills, $found annotations at the end, $lost times something was lost"
((lost == 0))
