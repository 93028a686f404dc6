"""Pressmark's JSON Lines as what checking scripts compare with: expected_spans.py IN.jsonl OUT writes
OUT.fragments.json, a span for each fragment, and OUT.extents.json, one from the first fragment to the last."""
import json
import sys

fragments, extents = [], []
with open(sys.argv[1], encoding="utf-8") as lines:
    for line in lines:
        article = json.loads(line)
        base = {"id": article["id"], "text": article["text"]}
        spans = [(a["label"], a["fragments"]) for a in article["annotations"]]
        each = [{"start": f["start"], "end": f["end"], "label": label} for label, fs in spans for f in fs]
        whole = [{"start": fs[0]["start"], "end": fs[-1]["end"], "label": label} for label, fs in spans]
        fragments.append({**base, "spans": each})
        extents.append({**base, "spans": whole})
for name, docs in (("fragments", fragments), ("extents", extents)):
    with open(f"{sys.argv[2]}.{name}.json", "w", encoding="utf-8") as out:
        json.dump({"docs": docs}, out, ensure_ascii=False)
