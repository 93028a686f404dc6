#!/usr/bin/env bash
# Kills the real window at random moments while it is being marked in, again and again, and looks
# whether every annotation that was on the screen is there after the next start.
#
#   tests/soak.sh [KILLS] [MISFORTUNE]
#
# KILLS is 50 unless told. MISFORTUNE comes in each round before the kill, or after it:
#   none     nothing else (unless told)
#   rename   the folder of the project gets another name while its window is open
#   full     its disk is full from some moment on, and has room again after the kill (needs root)
#   flip     a bit of the journal is flipped after the kill: what its record held may be gone, and
#            what depends on it, and nothing else
#
# Needs Xvfb and xdotool, and a release build. What was on the screen is taken from the frame log:
# each line is written before its frame is shown, and says how many annotations it painted. The
# article fits the screen whole.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
kills=${1:-50}
misfortune=${2:-none}
program=$PWD/target/release/pressmark
folder=$(mktemp -d)
place=$folder/place
mkdir "$place"
export PRESSMARK_CONFIG_DIR=$folder/config
mkdir -p "$PRESSMARK_CONFIG_DIR"
printf '(reading_size: 11.0, measure_chars: 150, line_spacing: 1.3, annotator: "soak", id_tag: "soak")' \
    >"$PRESSMARK_CONFIG_DIR/settings.ron"
if [[ $misfortune == full ]]; then
    mount -t tmpfs -o size=2m tmpfs "$place" || { echo "no disk to fill can be made: skipped"; exit 0; }
fi

for paragraph in $(seq 14); do
    for word in $(seq 30); do printf 'w%s-%s ' "$paragraph" "$word"; done
    printf '\n\n'
done >"$folder/article.txt"
"$program" import "$folder/article.txt" -o "$place/soak.ron" >/dev/null

Xvfb -displayfd 1 -screen 0 1440x1000x24 -noreset -nolisten tcp >"$folder/display" 2>/dev/null &
screen=$!
end() {
    kill $screen 2>/dev/null
    # A screen that is still closing takes the socket of the next one with it.
    wait $screen 2>/dev/null || true
    [[ $misfortune == full ]] && umount "$place"
    rm -rf "$folder"
}
trap end EXIT
for _ in $(seq 100); do [[ -s $folder/display ]] && break; sleep 0.1; done
export DISPLAY=:$(cat "$folder/display")

# The last field of the last whole line of a frame log.
painted() { awk 'END { print $NF + 0 }' "$1"; }

start() {
    "$program" --frame-log "$folder/log" "$place/soak.ron" >"$folder/out" 2>&1 &
    window=$!
    for _ in $(seq 100); do
        id=$(xdotool search --onlyvisible --name 'Pressmark' 2>/dev/null | tail -n 1 || true)
        [[ -n $id ]] && break
        sleep 0.1
    done
    for _ in $(seq 100); do [[ -s $folder/log ]] && break; sleep 0.1; done
    xdotool windowmove "$id" 0 0 windowsize "$id" 1440 1000 windowfocus "$id" 2>/dev/null || true
    sleep 0.7
}

# Seconds between two bounds.
between() { awk -v seed="$RANDOM" -v a="$1" -v b="$2" 'BEGIN { srand(seed); printf "%.3f", a + rand() * (b - a) }'; }

# What happens while the window is open.
meanwhile() {
    case $misfortune in
    rename)
        mv "$place" "$folder/place-$1"
        place=$folder/place-$1
        ;;
    full) head -c 4000000 /dev/zero >"$place/filling" 2>/dev/null || true ;;
    esac
}

# What happens before the next start.
afterwards() {
    case $misfortune in
    full) rm -f "$place/filling" ;;
    flip)
        journal=$place/soak.ron.journal
        if [[ -s $journal ]]; then
            at=$((RANDOM * 32768 + RANDOM))
            at=$((at % $(stat -c %s "$journal")))
            byte=$(od -An -tu1 -j "$at" -N 1 "$journal")
            printf "\\x$(printf %02x $((byte ^ (1 << (RANDOM % 8)))))" |
                dd of="$journal" bs=1 seek="$at" conv=notrunc status=none
        fi
        ;;
    esac
}

# How many annotations a misfortune may cost: those of one record.
cost=0
[[ $misfortune == flip ]] && cost=1

expected=0
lost=0
look() {
    found=$(painted "$folder/log")
    if [[ $misfortune == flip ]]; then
        # What hangs on the record that is gone waits on the review list.
        aside=$("$program" check "$place/soak.ron" | sed -n 's/.* \([0-9]*\) in the review list.*/\1/p')
        found=$((found + ${aside:-0}))
    fi
    if ((found < expected - cost)); then
        echo "kill $1: $expected annotations were on the screen, $found came back"
        lost=$((lost + 1))
    fi
}
for kill in $(seq "$kills"); do
    rm -f "$folder/log"
    start
    look "$((kill - 1))"
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
    sleep "$(between 0.2 0.7)"
    meanwhile "$kill"
    sleep "$(between 0.2 1.1)"
    kill -9 "$window"
    wait "$window" 2>/dev/null || true
    kill "$typing" 2>/dev/null || true
    wait "$typing" 2>/dev/null || true
    expected=$(painted "$folder/log")
    afterwards
    printf 'kill %d: %d annotations on the screen\n' "$kill" "$expected"
done
rm -f "$folder/log"
start
look "$kills"
kill -9 "$window"
wait "$window" 2>/dev/null || true
if [[ $misfortune == flip ]]; then
    kept=$(find "$place" -name '*.journal-damaged-*' | wc -l)
    echo "$kept damaged journals are kept"
    ((kept > 0)) || lost=$((lost + 1))
fi
echo "$kills kills, $found annotations at the end, $lost times something was lost"
((lost == 0))
