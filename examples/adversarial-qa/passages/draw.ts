import type { SeededRandom } from 'litorch/squad';

/** What made-up names begin with. */
export const STEMS = (
  'Mar Ost Vel Tarn Bryn Kel Hol Sor Wend Ul Pel Gran Thor Dun Lin Ask Cor Fenn Hald Jor Mel Nor Orr Quen Ros Sel ' +
  'Tam Ver Wil Yar Zel Ald Bel Cass Der Ell Fal Gil Isk Lom'
).split(' ');
const LINKS = ['', 'a', 'e', 'en', 'er', 'in', 'al', 'or', 'an', 'o'];
const PLACE_ENDS =
  'by ford mouth wick stead holm ness dale haven mere brook grove vik ora essa gate fell rick moor ster wold mar'.split(
    ' ',
  );
const FAMILY_ENDS =
  'ander well sen ovic mont ista aro ick ley quist ard ini ost ette ulf ane eck isham'.split(' ');
const BRAND_ENDS = 'ax ine o ex ium on aline etta yx or ic ora'.split(' ');
const WOMEN =
  'Ada Berit Clara Dalia Edda Flora Greta Hanne Ines Jorun Katia Leona Mira Nadia Odile Petra Runa Sofia Thea Wanda'.split(
    ' ',
  );
const MEN =
  'Anton Boris Casper Dario Emil Felix Goran Hugo Ivo Jonas Karl Lukas Marek Nils Otto Pavel Rasmus Stefan Tomas Viktor'.split(
    ' ',
  );

/**
 * Draws the parts of passages from one seeded generator. A name of a place, family or brand is never given twice, so
 * that what is drawn later has no name in common with what was drawn before.
 */
export class Draw {
  private readonly given = new Set<string>();

  constructor(readonly random: SeededRandom) {}

  pick<T>(items: readonly T[]): T {
    return this.random.pick(items);
  }

  /** Whether a thing of this probability happens. */
  chance(probability: number): boolean {
    return this.random.uniform() < probability;
  }

  place(): string {
    return this.fresh(PLACE_ENDS);
  }

  /** First and family name. */
  person(): string {
    return `${this.pick(this.chance(0.5) ? WOMEN : MEN)} ${this.fresh(FAMILY_ENDS)}`;
  }

  brand(): string {
    return this.fresh(BRAND_ENDS);
  }

  /** A new title of a work: the words are common, their combination is not. */
  title(adjectives: readonly string[], nouns: readonly string[]): string {
    return this.new(() => `The ${this.pick(adjectives)} ${this.pick(nouns)}`);
  }

  year(from = 1580, to = 1990): string {
    return String(from + this.random.below(to - from + 1));
  }

  /** A number from `from` to `to` in steps of `step`, with commas: "12,400". */
  number(from: number, to: number, step = 1): string {
    const steps = Math.floor((to - from) / step);
    return (from + this.random.below(steps + 1) * step).toLocaleString('en-US');
  }

  date(): string {
    return `${1 + this.random.below(28)} ${this.pick(MONTHS)}`;
  }

  private fresh(ends: readonly string[]): string {
    return this.new(() => {
      const [stem, link, end] = [this.pick(STEMS), this.pick(LINKS), this.pick(ends)];
      // Two vowels in a row would be hard to say.
      return /[aeiou]$/.test(link) && /^[aeiou]/.test(end) ? stem + end : stem + link + end;
    });
  }

  private new(make: () => string): string {
    for (let tries = 0; tries < 1000; tries++) {
      const name = make();
      if (!this.given.has(name)) {
        this.given.add(name);
        return name;
      }
    }
    throw new RangeError('no new names are left: ask for fewer passages');
  }
}

export function isWoman(name: string): boolean {
  return WOMEN.includes(name.split(' ')[0]!);
}

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);
export const WEEKDAYS = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');
export const JOBS = (
  'a weaver,a retired judge,a ship’s cook,a clockmaker,a schoolteacher,a baker,a surveyor,a salt merchant,a printer,' +
  'a country doctor,a stonemason,an organist,a beekeeper,a notary,a glassblower,an astronomer,a blacksmith,a botanist'
).split(',');
export const GOODS = (
  'pottery,copper wire,dried fish,linen,candles,cheese,timber,slate,glass beads,honey,barrels,salt,rope,paper,' +
  'wooden toys,cider,leather gloves,bricks,umbrellas,tin buttons'
).split(',');
export const MATERIALS =
  'granite,red brick,oak,limestone,cast iron,sandstone,concrete,steel,basalt,larch wood,marble,aluminium'.split(
    ',',
  );
