import { type Draw, WEEKDAYS } from './draw.js';
import type { Topic } from './topic.js';

/** One of the two things that a passage is about. */
interface Subject {
  name: string;
  facts: Map<string, string>;
}

/** A fact in the text: whose it is, and where it stands. */
interface Mention {
  subject: Subject;
  slot: string;
  start: number;
  end: number;
  /** Where the sentence has the subject's name, if it does, without "the". */
  name?: { start: number; end: number };
}

export interface PassageQuestion {
  question: string;
  answer: { text: string; start: number };
}

export interface Passage {
  title: string;
  text: string;
  questions: PassageQuestion[];
}

/** How many statements are made about the main subject and about the other. */
const MAIN = [2, 3];
const OTHER = [1, 2];

/** Writes one passage about two things of a sort, and asks `count` questions about either. */
export function writePassage(topic: Topic, draw: Draw, count: number): Passage {
  const main = subject(topic, draw);
  const other = subject(topic, draw, main);
  const [mainWays, otherWays] = statements(topic, draw);
  const first = [draw.pick(topic.intros), ...mainWays];
  const second = [draw.pick(topic.rivals), ...otherWays];
  const turns = first.splice(0, 2).map((template) => ({ template, about: main }));
  // The two subjects take turns at random, so that a sentence that says "it" depends on the one before.
  while (first.length + second.length > 0) {
    const own = draw.random.below(first.length + second.length) < first.length;
    turns.push({ template: (own ? first : second).shift()!, about: own ? main : other });
  }
  const writer = new Writer(topic, draw, main, other);
  const asides = draw.random.shuffled(topic.asides).slice(0, draw.random.below(3));
  turns.forEach(({ template, about }, i) => {
    writer.sentence(template, about);
    // What brings in the other subject speaks of the first as "it", so nothing may come between.
    const next = turns[i + 1]?.template;
    if (about === main && asides.length > 0 && !topic.rivals.includes(next ?? '') && draw.chance(0.4)) {
      writer.aside(asides.pop()!, main);
    }
  });
  return { title: main.name, text: writer.text, questions: ask(topic, draw, writer, count) };
}

/** What is told about the main subject and about the other: partly the same, but never in the same words. */
function statements(topic: Topic, draw: Draw): [string[], string[]] {
  const all = topic.statements.map((ways) => draw.random.shuffled(ways));
  const choose = (range: number[], way: number) =>
    draw.random
      .shuffled(all)
      .slice(0, draw.pick(range))
      .map((ways) => ways[way]!);
  return [choose(MAIN, 0), choose(OTHER, 1)];
}

/** A subject no fact of which is also the other one's. */
function subject(topic: Topic, draw: Draw, other?: Subject): Subject {
  const facts = new Map<string, string>();
  for (const [slot, make] of Object.entries(topic.values)) {
    const taken = new Set([...facts.values(), ...(other?.facts.values() ?? [])]);
    let value = make(draw);
    while (taken.has(value)) value = make(draw);
    facts.set(slot, value);
  }
  return { name: topic.name(draw), facts };
}

class Writer {
  text = '';
  readonly mentions: Mention[] = [];
  private last: Subject | undefined;
  private lastWord = '';

  constructor(
    private readonly topic: Topic,
    private readonly draw: Draw,
    private readonly main: Subject,
    private readonly second: Subject,
  ) {}

  /** Adds a sentence about a subject, and notes the facts in it. */
  sentence(template: string, about: Subject): void {
    const other = about === this.main ? this.second : this.main;
    const contrast =
      this.last === other &&
      template.startsWith('{Self} ') &&
      !template.includes('{other}') &&
      this.draw.chance(0.3);
    const full = contrast
      ? `${this.draw.pick(['Unlike {other}, ', 'By contrast, '])}${lowerFirstSlot(template)}`
      : template;
    const named = this.last !== about || this.draw.chance(0.35);
    const [pronoun, possessive] = this.topic.pronouns?.(about.name) ?? ['it', 'its'];
    const { phrase } = this.topic;
    const open = () => (this.lastWord === pronoun || this.draw.chance(0.4) ? phrase : pronoun);
    this.fill(full, about, (slot) => {
      switch (slot) {
        case 'name':
          return about.name;
        case 'other':
          return other.name;
        case 'self':
          return named ? about.name : phrase;
        case 'Self':
          this.lastWord = named ? '' : open();
          return named ? about.name : this.lastWord;
        case 'own':
          return named ? `${about.name}’s` : possessive;
        case 'Own':
          return named ? `${about.name}’s` : this.draw.chance(0.5) ? `${phrase}’s` : possessive;
        default:
          return about.facts.get(slot);
      }
    });
    // Behind a sentence about both, "it" could be either.
    this.last = template.includes('{other}') || this.topic.rivals.includes(template) ? undefined : about;
  }

  /** Adds a sentence whose facts nobody asks about. */
  aside(template: string, about: Subject): void {
    const { draw } = this;
    const made: Record<string, string> = {
      y1: draw.year(1920, 1995),
      p1: draw.person(),
      n1: draw.number(20, 990),
      w1: draw.pick(WEEKDAYS),
      l1: draw.place(),
    };
    this.fill(template, about, (slot) => made[slot]);
    // A mere "it" behind this could be anything.
    this.lastWord = this.topic.pronouns?.(about.name)[0] ?? 'it';
  }

  private fill(template: string, about: Subject, value: (slot: string) => string | undefined): void {
    if (this.text !== '') this.text += ' ';
    const opening = this.text.length;
    const found: Mention[] = [];
    let name: Mention['name'];
    for (const part of template.split(/(\{\w+\})/)) {
      if (!part.startsWith('{')) {
        this.text += part;
        continue;
      }
      const slot = part.slice(1, -1);
      const text = slotValue(slot.replace(/^Name$/, 'name'), value, this.topic);
      const start = this.text.length;
      // The first letter of a sentence is a capital, whatever begins it.
      this.text += start === opening ? text.charAt(0).toUpperCase() + text.slice(1) : text;
      if (about.facts.has(slot)) found.push({ subject: about, slot, start, end: this.text.length });
      else if (slot !== 'other' && text.startsWith(about.name)) {
        const article = about.name.startsWith('the ') ? 4 : 0;
        name = { start: start + article, end: start + about.name.length };
      }
    }
    this.mentions.push(...found.map((mention) => (name === undefined ? mention : { ...mention, name })));
  }
}

function slotValue(slot: string, value: (slot: string) => string | undefined, topic: Topic): string {
  const text = value(slot);
  if (text === undefined) throw new Error(`no value for {${slot}} in a text about ${topic.phrase}`);
  return text;
}

/** "{Self} was" behind "Unlike the other, ": a name or pronoun in the middle of the sentence. */
function lowerFirstSlot(template: string): string {
  return template.replace(/^\{Self\}/, '{name}');
}

/** Questions about different facts, in random order, about one fact in eight by asking for the name. */
function ask(topic: Topic, draw: Draw, writer: Writer, count: number): PassageQuestion[] {
  return draw.random
    .shuffled(writer.mentions)
    .slice(0, count)
    .map(({ subject: about, slot, start, end, name }) => {
      const backwards = topic.reverse[slot];
      if (backwards !== undefined && name !== undefined && draw.chance(0.3)) {
        const question = draw.pick(backwards).replace(`{${slot}}`, writer.text.slice(start, end));
        return { question, answer: { text: writer.text.slice(name.start, name.end), start: name.start } };
      }
      const question = draw.pick(topic.questions[slot]!).replaceAll('{name}', about.name);
      return { question, answer: { text: writer.text.slice(start, end), start } };
    });
}
