/** Made-up answers: odd strings, and predictions that are right, nearly right or wrong. */
import { questionsOf, type SeededRandom, type SquadDataset, tokenize } from '../../lib/squad/index.js';

const PIECES = [
  ...'a A an An the THE The tHe'.split(' '),
  ..."cat Dog 12 1,000 U.S. x_y don't 3.5% émigré Ünïté ΟΔΟΣ Σ ΑΣ ΣΑ.Σ İ ı ß ẞ ǅ ﬁ K Å".split(' '),
  ...'字 東京 हिन्दी क् ½ ² Ⅷ ٣ 😀 𝔘 𝟙 a\u0301 \u0301 \u0345 ʰ ª º _ __ ‿'.split(' '),
  ...Array.from('!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'),
  ...Array.from('“”‘’–—…«»¿¡·•€£¥©®°±×÷¬¦§¶†‡'),
  ...Array.from({ length: 33 }, (_, code) => String.fromCharCode(code)),
  ...Array.from(
    '\u007f\u0085\u00a0\u00ad\u1680\u180e\u2000\u2007\u200a\u200b\u200c\u200d\u2028\u2029\u202f\u205f\u2060\u3000\ufeff',
  ),
];

/** Ranges that no edition of Unicode has changed for long: what is newer would be judged differently by each. */
const STABLE: [number, number][] = [
  [0x00, 0x24f],
  [0x300, 0x36f],
  [0x38e, 0x3a1],
  [0x3a3, 0x3ce],
  [0x400, 0x481],
  [0x5d0, 0x5ea],
  [0x620, 0x65f],
  [0x905, 0x939],
  [0xe01, 0xe3a],
  [0x10a0, 0x10c5],
  [0x1e00, 0x1e9b],
  [0x2000, 0x205f],
  [0x2070, 0x2071],
  [0x2160, 0x2188],
  [0x2460, 0x24ff],
  [0x3041, 0x3096],
  [0x4e00, 0x9fa5],
  [0xac00, 0xd7a3],
  [0xff01, 0xff5e],
  [0x10400, 0x1044f],
  [0x1d400, 0x1d454],
  [0x1f600, 0x1f64f],
];

/** A string of words, articles, punctuation, odd spaces and signs, now and then of any characters at all. */
export function oddText(random: SeededRandom): string {
  const pieces = Array.from({ length: random.below(9) }, () => {
    if (random.below(12) > 0) return random.pick(PIECES);
    const [from, to] = random.pick(STABLE);
    return String.fromCodePoint(from + random.below(to - from + 1));
  });
  return pieces.join(random.pick(['', ' ', ' ', '  ', '-']));
}

/** A prediction for most questions, between right and hopeless. */
export function perturbedPredictions(dataset: SquadDataset, random: SeededRandom): Map<string, string> {
  const predictions = new Map<string, string>();
  for (const { id, context, answers } of questionsOf(dataset)) {
    const gold = random.pick(answers).text;
    const kind = random.below(8);
    if (kind === 0) continue;
    if (kind <= 2) predictions.set(id, gold);
    else if (kind === 3) predictions.set(id, `the ${gold.toUpperCase()}, and more.`);
    else if (kind === 4) predictions.set(id, gold.split(' ').slice(random.below(3)).join(' '));
    else if (kind === 5) predictions.set(id, `${oddText(random)} ${gold}${oddText(random)}`);
    else if (kind === 6) predictions.set(id, oddText(random));
    else {
      const tokens = tokenize(context);
      const first = tokens[random.below(tokens.length)]!;
      predictions.set(id, context.slice(first.start, first.start + random.below(40)));
    }
  }
  return predictions;
}
