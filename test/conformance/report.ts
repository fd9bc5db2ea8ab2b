/** docs/conformance.md: a run over all of op_db as a page. */

import { headOf } from './console.js';
import { OTHER_FORMS_LIMIT, REPEATS } from './limits.js';
import type { Status } from './outcome.js';
import type { Form } from './protocol.js';
import { reasonOf, reasons } from './reasons.js';
import {
  type Counts,
  errorsOf,
  type Finding,
  labelOf,
  type Results,
  type Row,
  samplesOf,
} from './results.js';

export interface Facts {
  dtypes: readonly string[];
  /** PyTorch's version, libtorch's and litorch's. */
  reference: string;
  libtorch: string;
  litorch: string;
}

type Column = readonly [title: string, key: keyof Counts];

const sampleColumns: readonly Column[] = [
  ['samples', 'samples'],
  ['identical', 'identical'],
  ['close', 'close'],
  ['PyTorch varies', 'varies'],
  ['wrong', 'wrong'],
  ['raised', 'raised'],
  ['other message', 'other message'],
  ['missing', 'missing'],
  ['crashed', 'crashed'],
  ['not run', 'unsupported'],
];
const errorColumns: readonly Column[] = [
  ['samples', 'samples'],
  ['matched', 'matched'],
  ['other message', 'other message'],
  ['not raised', 'not raised'],
  ['missing', 'missing'],
  ['crashed', 'crashed'],
  ['not run', 'unsupported'],
];

const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [row(head), row(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(row)].join('\n');
}

const percent = (part: number, all: number): string =>
  // Rounded down, so that 100 means all.
  all === 0 ? '' : `${(Math.floor((10_000 * part) / all) / 100).toFixed(2)} %`;

const numbers = (counts: Counts, columns: readonly Column[]): number[] =>
  columns.map(([, key]) => counts[key]);

/** Columns that count samples which other columns have too. */
const aside = ['identical', 'both raise', 'other strides'];

function totals(results: Results, dtypes: readonly string[]): string {
  const byDtype = results.totals(dtypes);
  const rows = [...byDtype].map(([dtype, counts]) => [
    `\`${dtype}\``,
    ...numbers(counts, sampleColumns),
    percent(counts.identical, counts.samples),
    counts.raising,
    counts.strides,
  ]);
  return table(['dtype', ...sampleColumns.map(([title]) => title), ...aside], rows);
}

const formTitles: readonly (readonly [Form, string])[] = [
  ['method', 'method'],
  ['inplace', 'in place'],
  ['out', '`out`'],
  ['resized', '`out` of another shape'],
];

function formTotals(results: Results): string {
  const counts = results.formTotals(formTitles.map(([form]) => form));
  const rows = formTitles.map(([form, title]) => {
    const own = counts.get(form) as Counts;
    const share = percent(own.identical, own.samples);
    return [title, ...numbers(own, sampleColumns), share, own.raising, own.strides];
  });
  return table(['called', ...sampleColumns.map(([title]) => title), ...aside], rows);
}

function errorTotals(results: Results): string {
  const rows: [string, Counts][] = [
    ['error inputs', results.totals(['errors']).get('errors') as Counts],
    ['in place on a leaf that requires a gradient', results.formTotals(['leaf']).get('leaf') as Counts],
  ];
  return table(
    ['', ...errorColumns.map(([title]) => title), 'matched'],
    rows.map(([title, counts]) => [
      title,
      ...numbers(counts, errorColumns),
      percent(counts.matched, counts.samples),
    ]),
  );
}

const entriesOf = (findings: readonly Finding[]): string =>
  [
    ...new Set(findings.map((finding) => `\`${labelOf({ name: finding.op, variant: finding.variant })}\``)),
  ].join(', ');

const flat = (text: string, length: number): string => {
  const short = text.replaceAll(/\s+/g, ' ').replaceAll('`', "'").replaceAll('|', '\\|');
  return short.length > length ? `${short.slice(0, length)}...` : short;
};

const counted = (findings: readonly Finding[]): string =>
  `${findings.length} ${findings.length === 1 ? 'sample' : 'samples'}`;

function explained(findings: readonly Finding[]): string[] {
  return reasons.flatMap((reason) => {
    const own = findings.filter((finding) => reasonOf(finding) === reason);
    return own.length === 0
      ? []
      : [`- ${entriesOf(own)} (${named((own[0] as Finding).status)}, ${counted(own)}): ${reason.text}`];
  });
}

const order: readonly Status[] = [
  'crashed',
  'missing',
  'wrong',
  'raised',
  'not raised',
  'other message',
  'close',
  'varies',
  'unsupported',
];
const titles: Partial<Record<Status, string>> = { unsupported: 'not run', varies: 'PyTorch varies' };
const named = (status: Status): string => titles[status] ?? status;

function unexplained(findings: readonly Finding[]): string[] {
  const open = findings.filter((finding) => reasonOf(finding) === undefined);
  return order.flatMap((status) => {
    return [...grouped(open, status)].map(([label, own]) => {
      const [first] = own;
      const where = first?.phase === 'backward' ? `${first.kind}, backward` : first?.kind;
      const expected = first?.expected ? ` Expected: ${flat(first.expected, 120)}` : '';
      return `- \`${label}\` (${named(status)}, ${counted(own)}; ${where}): ${flat(first?.why ?? '', 160)}${expected}`;
    });
  });
}

function grouped(findings: readonly Finding[], status: Status): Map<string, Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    if (finding.status !== status) continue;
    const label = headOf(finding);
    groups.set(label, [...(groups.get(label) ?? []), finding]);
  }
  return groups;
}

/** How many of the samples called so are identical: nothing where there are none, a tick where all are. */
function mark(row: Row, form: Form): string {
  const counts = row.forms.get(form);
  if (counts === undefined) return '';
  const good = counts.identical + counts.matched;
  return good === counts.samples ? '✓' : `${good}/${counts.samples}`;
}

function operators(rows: readonly Row[]): string {
  return table(
    [
      'operator',
      'variant',
      ...sampleColumns.map(([title]) => title),
      'error inputs',
      'matched',
      ...formTitles.map(([, title]) => title),
    ],
    rows.map((one) => [
      `\`${one.entry.name}\``,
      one.entry.variant === '' ? '' : `\`${one.entry.variant}\``,
      ...numbers(samplesOf(one), sampleColumns),
      errorsOf(one).samples,
      errorsOf(one).matched,
      ...formTitles.map(([form]) => mark(one, form)),
    ]),
  );
}

/** Entries for which there is nothing to do here, such as those of CUDA's compiler. */
function idle(rows: readonly Row[]): string {
  const names = rows.filter(({ kinds }) => kinds.size === 0).map(({ entry }) => `\`${labelOf(entry)}\``);
  return names.length === 0 ? 'None.' : `${names.join(', ')}.`;
}

const orNone = (lines: readonly string[]): string => (lines.length === 0 ? 'None.' : lines.join('\n'));

/** The page. It holds nothing that changes from run to run on its own. */
export function report(results: Results, facts: Facts): string {
  const failures = results.failures.map(({ op, kind, why }) => `- \`${op}\`, ${kind}: ${flat(why, 160)}`);
  // A result whose strides alone differ is identical.
  const findings = results.findings.filter(({ status }) => status !== 'identical' && status !== 'matched');
  return `# Conformance

Every sample of PyTorch's own operator test database (\`op_db\`, ${results.rows.length} entries), run through litorch's public
API and held against PyTorch. Written by \`npm run conformance\`; not to be edited.

litorch ${facts.litorch} on libtorch ${facts.libtorch}, against PyTorch ${facts.reference}, on the CPU with one thread.

## How it is compared

- Each sample is called under the name that the naming rule gives its PyTorch function, with equal storages, strides and
  flags, and one seed. Where the sample needs gradients, \`torch.autograd.grad\` runs on both sides with equal gradients of
  the outputs.
- **identical**: dtype, shape, layout, \`requiresGrad\`, structure and bits of all results and gradients, or both raise, with
  the same message (such samples are also counted under *both raise*). **close**: within the tolerance of
  \`torch.testing.assert_close\`. **wrong**: neither. **raised**: litorch throws where PyTorch does not. **other message**:
  both raise, with different messages. **missing**: litorch has no such name. **not run**: a sample that the harness cannot
  hand over. *other strides* counts results with another order in memory; they count as identical otherwise.
- **PyTorch varies**: PyTorch itself does not give the same bits each time, so that chance would decide whether litorch's are
  identical or close; they are one of the two. Whatever comes out close is run again in PyTorch, ${REPEATS} times, each time with
  other contents in the free memory that its calls get; so are, from the start, the entries of which this is known.
- **Other forms**: of each entry and dtype the first ${OTHER_FORMS_LIMIT} samples also run as a method (\`x.foo(...)\`), in place on a copy of the
  input (\`x.foo_(...)\`, or \`inplace\`), and into \`out\`, twice: into tensors of the result's dtype and shape that hold NaN or 1,
  and into tensors of another shape, which are resized. Python does the same in the same form. What is written to must
  be returned, as the same object. There is no backward pass in these. The first sample of float32 is also tried in place
  on a leaf that requires a gradient, which must raise with PyTorch's message.
- Results that are uninitialised by definition (\`empty\`, \`resize_\`, ...) are compared without their elements.
- Error inputs: **matched** where litorch raises and the pattern that PyTorch's tests expect is found in its message.
- JavaScript has one kind of number, so \`2.0\` passes to a Scalar as the integer 2. Where a sample has integral or boolean
  tensors, or none, an integral Python float crosses as a tensor without dimensions, which stays a float; so does -0.0.
- Entries that wrap an operator in a function of PyTorch's tests are called as test/conformance/adapters.ts says; those
  that are private in PyTorch, such as \`torch._chunk_cat\`, through \`torch.ops\`.

## Totals

${totals(results, facts.dtypes)}

Other forms of a call, all dtypes together:

${formTotals(results)}

Calls that must raise:

${errorTotals(results)}

## What is not identical, and why

${orNone(explained(findings))}

### Without an explanation yet

${orNone(unexplained(findings))}

### Entries that have no samples on the CPU

${idle(results.rows)}

### Entries whose samples PyTorch's database could not make

${orNone(failures)}

## How to run

    npm run conformance                                           # everything; writes this page
    npm run conformance -- --ops add,linalg.* --dtypes float32    # a part of it
    npm run conformance -- --errors-only --json findings.json     # details of all that is not identical
    npm run conformance -- --variants inplace,out                 # some forms: function, method, inplace, out
    npm run conformance -- --limit 5 --jobs 2                     # the first samples of each

## Operators

Samples of all dtypes together. Of the other forms ✓ says that all samples are identical, a fraction how many of them.

${operators(results.rows)}
`;
}
