"""The SQuAD v1.1 and AddSent scores in Python: the reference for lib/squad.

Commands (texts go in and out as JSON):
  normalize             standard input: a list of texts; output: their normal forms
  compare               standard input: a list of [prediction, golds]; output: [exact match, F1 as hex bytes] each
  squad DATASET PRED    output: the official line
  addsent DATASET PRED  output: clean and adversarial scores
  floats                standard input: a list of float64 as hex bytes; output: their Python representations
  boundary              output: code points below 0x30000 that match \\w, that split() splits at, and the lower case
                        of those that have another
"""

import collections
import gzip
import json
import re
import string
import struct
import sys


def normalize(text):
    text = text.lower()
    text = "".join(character for character in text if character not in string.punctuation)
    text = re.sub(r"\b(a|an|the)\b", " ", text)
    return " ".join(text.split())


def f1(prediction, gold):
    prediction, gold = normalize(prediction).split(), normalize(gold).split()
    same = sum((collections.Counter(prediction) & collections.Counter(gold)).values())
    if same == 0:
        return 0
    precision = 1.0 * same / len(prediction)
    recall = 1.0 * same / len(gold)
    return (2 * precision * recall) / (precision + recall)


def compare(prediction, golds):
    exact = max(normalize(prediction) == normalize(gold) for gold in golds)
    return int(exact), max(f1(prediction, gold) for gold in golds)


def load(path):
    with open(path, "rb") as file:
        data = file.read()
    return json.loads(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data)


def questions(path):
    for article in load(path)["data"]:
        for paragraph in article["paragraphs"]:
            yield from paragraph["qas"]


def golds_of(question):
    return [answer["text"] for answer in question["answers"]]


def squad(dataset, predictions):
    predictions = load(predictions)
    total = exact = score = 0
    for question in questions(dataset):
        total += 1
        if question["id"] in predictions:
            one = compare(predictions[question["id"]], golds_of(question))
            exact += one[0]
            score += one[1]
    return {"exact_match": 100.0 * exact / total, "f1": 100.0 * score / total}


def addsent(dataset, predictions):
    predictions = load(predictions)
    originals, variants = {}, {}
    for question in questions(dataset):
        name = question["id"]
        score = compare(predictions[name], golds_of(question)) if name in predictions else (0, 0)
        base = name.split("-")[0]
        if base == name:
            originals[base] = score
        else:
            variants.setdefault(base, []).append(score)
    worst = {base: min(scores, key=lambda score: score[1]) for base, scores in variants.items()}
    order = list(dict.fromkeys(question["id"].split("-")[0] for question in questions(dataset)))

    def mean(scores):
        return {name: 100.0 * sum(score[i] for score in scores) / len(scores) for i, name in enumerate(["exact_match", "f1"])}

    return {
        "clean": mean([originals[base] for base in order if base in originals]),
        "adversarial": mean([worst[base] if base in worst else originals[base] for base in order]),
    }


def boundary():
    characters = [chr(code) for code in range(0x30000) if not 0xD800 <= code < 0xE000]
    return {
        "word": [ord(c) for c in characters if re.match(r"\w", c)],
        "space": [ord(c) for c in characters if c.split() == []],
        "lower": {ord(c): c.lower() for c in characters if c.lower() != c},
        "unicode": __import__("unicodedata").unidata_version,
    }


def main(command, *paths):
    read = lambda: json.load(sys.stdin)
    if command == "normalize":
        result = [normalize(text) for text in read()]
    elif command == "compare":
        result = [(exact, struct.pack(">d", score).hex()) for exact, score in (compare(*pair) for pair in read())]
    elif command == "squad":
        result = squad(*paths)
    elif command == "addsent":
        result = addsent(*paths)
    elif command == "floats":
        result = [json.dumps(struct.unpack(">d", bytes.fromhex(text))[0]) for text in read()]
    elif command == "boundary":
        result = boundary()
    else:
        sys.exit(f"unknown command {command}")
    print(json.dumps(result))


if __name__ == "__main__":
    main(*sys.argv[1:])
