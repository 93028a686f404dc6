#!/usr/bin/env bash
# Exports the demo, a folder of real articles and a torture project in every format that has a
# checking script, reads them with the software that people open them with, and compares with
# Pressmark's own JSON Lines: the same spans, to the character.
#
#   tests/interop.sh [PROJECT.ron…]
#
# PYTHON is an interpreter with the packages of requirements.txt; CHECKS the folder of the scripts
# (default: ../shared/interop); ARTICLES a folder of article files (default: ../shared/articles).
# What is not there is skipped, visibly.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
python=${PYTHON:-target/interop/bin/python}
checks=${CHECKS:-../shared/interop}
articles=${ARTICLES:-../shared/articles}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if ! command -v "$python" >/dev/null || [ ! -d "$checks" ]; then
    echo "skipped: $python or $checks is not there"
    exit 0
fi
cargo build --release --quiet
pressmark=target/release/pressmark

projects=("$@")
if [ ${#projects[@]} -eq 0 ]; then
    projects=(projects/demo.ron)
    "$pressmark" import tests/data/export/torture.jsonl --format jsonl -o "$work/torture.ron" >/dev/null
    projects+=("$work/torture.ron")
    if [ -d "$articles" ]; then
        "$pressmark" import "$articles" -o "$work/articles.ron" >/dev/null
        "$pressmark" export "$work/articles.ron" -f jsonl -o "$work/articles.jsonl" >/dev/null
        "$python" tests/mark_sentences.py "$work/articles.jsonl" "$work/marked.jsonl"
        # Stretches that begin or end inside a character are left out, which it says and fails for.
        "$pressmark" import "$work/marked.jsonl" --format jsonl -o "$work/marked.ron" >/dev/null 2>&1 || true
        mv "$work/marked.ron" "$work/articles-marked.ron"
        projects+=("$work/articles-marked.ron")
    else
        echo "skipped: real articles ($articles is not there)"
    fi
fi

cat >"$work/any.xsd" <<'XSD'
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:QDA-XML:project:1.0">
<xs:element name="Project"><xs:complexType><xs:sequence><xs:any processContents="skip" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
<xs:anyAttribute processContents="skip"/></xs:complexType></xs:element></xs:schema>
XSD

failed=0
for project in "${projects[@]}"; do
    name=$(basename "$project" .ron)
    "$pressmark" export "$project" -f jsonl -o "$work/$name.jsonl" >/dev/null
    "$python" tests/expected_spans.py "$work/$name.jsonl" "$work/$name"
    for check in "$checks"/check_*.py; do
        format=$(basename "$check" .py)
        format=${format#check_}
        formats=$format
        [ "$format" = gate ] && formats=gatexml
        [ "$format" = doccano ] && formats="doccano doccano-rel"
        [ "$format" = webannotation ] && formats=w3c
        for format in $formats; do
            out="$work/$name-$format"
            case $format in
            prodigy | xlsx | html | qdpx | doccano | doccano-rel) mkdir "$out" ;;
            esac
            more=()
            expected="$work/$name.fragments.json"
            [ "$format" = brat ] && expected="$work/$name.extents.json"
            [ "$format" = conll ] && more=(--lossy)
            # The standard's schema is not ours to ship; without one the script needs any.
            [ "$format" = qdpx ] && more=(--xsd "${REFI_XSD:-$work/any.xsd}")
            if ! "$pressmark" export "$project" -f "$format" -o "$out" >"$out.log" 2>&1; then
                printf 'FAIL  %-10s %-12s export: %s\n' "$name" "$format" "$(tail -1 "$out.log")"
                failed=1
                continue
            fi
            if "$python" -W ignore "$check" "$out" "$expected" "${more[@]}" >"$out.out" 2>"$out.err"; then
                printf 'ok    %-10s %-12s %s\n' "$name" "$format" "$(tail -1 "$out.err")"
            elif grep -q ModuleNotFoundError "$out.err"; then
                printf 'skip  %-10s %-12s %s\n' "$name" "$format" "$(tail -1 "$out.err")"
            else
                printf 'FAIL  %-10s %-12s %s\n' "$name" "$format" "$(grep -m1 FAIL "$out.err" || tail -1 "$out.err")"
                failed=1
            fi
        done
    done
done
exit $failed
