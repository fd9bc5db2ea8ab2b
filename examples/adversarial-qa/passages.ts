import { SeededRandom, type SquadArticle, type SquadDataset } from 'litorch/squad';
import { festival, museum, orchestra } from './passages/culture.js';
import { Draw } from './passages/draw.js';
import { bridge, lighthouse, river, town } from './passages/places.js';
import type { Topic } from './passages/topic.js';
import { machine, novel, person, ship } from './passages/works.js';
import { writePassage } from './passages/write.js';

const TOPICS: readonly Topic[] = [
  town,
  river,
  bridge,
  lighthouse,
  museum,
  festival,
  orchestra,
  machine,
  ship,
  novel,
  person,
];

export interface PassageOptions {
  seed?: number;
  /** How many questions to make for training and for development. Default 1,500 and 300. */
  train?: number;
  dev?: number;
  /** How many questions each passage gets. Default 5. */
  perPassage?: number;
}

/**
 * Makes up a small reading test: passages about towns, rivers, machines, novels and the like that exist nowhere, and
 * questions about them. Each passage tells of two things of the same sort, with facts of the same kinds, and often
 * says only "it" or "the town", so that the kind of answer alone doesn't give it away. Questions mostly use other
 * words than the text. No name of a place, person or thing occurs in both sets.
 *
 * The same seed gives the same two datasets. `RangeError` for a bad option, or for more passages than there are names
 * (some 2,000 passages).
 */
export function makePassages(options: PassageOptions = {}): { train: SquadDataset; dev: SquadDataset } {
  const { seed = 0, train = 1500, dev = 300, perPassage = 5 } = options;
  for (const [name, value] of Object.entries({ train, dev, perPassage })) {
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`${name} must be a positive integer, got ${value}`);
  }
  const draw = new Draw(new SeededRandom(seed));
  return {
    train: makeSet(draw, 'train', train, perPassage),
    dev: makeSet(draw, 'dev', dev, perPassage),
  };
}

function makeSet(draw: Draw, name: string, count: number, perPassage: number): SquadDataset {
  const articles: SquadArticle[] = [];
  let topics: Topic[] = [];
  for (let made = 0; made < count; ) {
    if (topics.length === 0) topics = draw.random.shuffled(TOPICS);
    const passage = writePassage(topics.pop()!, draw, Math.min(perPassage, count - made));
    const questions = passage.questions.map(({ question, answer }, i) => ({
      id: `${name}-${articles.length}.${i}`,
      question,
      answers: [answer],
    }));
    articles.push({ title: passage.title, paragraphs: [{ context: passage.text, questions }] });
    made += questions.length;
  }
  return { version: '1.1', articles };
}
