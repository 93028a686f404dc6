"""Marks stretches of real articles by a fixed rule: mark_sentences.py IN.jsonl OUT.jsonl."""
import json
import random
import sys

draw = random.Random(7)
with open(sys.argv[1], encoding="utf-8") as lines, open(sys.argv[2], "w", encoding="utf-8") as out:
    for line in lines:
        article = json.loads(line)
        text, article["annotations"] = article["text"], []
        for n in range(min(60, len(text) // 40)):
            start = draw.randrange(len(text))
            end = min(len(text), start + draw.choice((1, 7, 40, 200, 900)))
            # Whole stretches, as people mark them: no white space at the edges.
            while start < end and text[start].isspace():
                start += 1
            while end > start and text[end - 1].isspace():
                end -= 1
            if start < end:
                label = draw.choice(("quote", "claim", "promo"))
                article["annotations"].append({
                    "id": f"{article['id']}-{n}", "annotator": draw.choice(("ana", "ben")), "label": label,
                    "fragments": [{"start": start, "end": end, "text": text[start:end]}],
                    "attributes": {"verifiable": draw.choice(("yes", "no"))} if label == "claim" else {},
                    "links": [], "note": draw.choice(("", "=1+1", "two\nlines")),
                })
        out.write(json.dumps(article, ensure_ascii=False) + "\n")
