/** docs/parity.md: what litorch has of PyTorch's names. */
import type { NameState, RecordedNames } from './compare.js';

const titles = {
  have: 'Have',
  'another form': 'Another form',
  not: 'Not',
  'to come': 'To come',
} as const;
const order = ['have', 'another form', 'not', 'to come'] as const;

const introduction = (version: string): string => `# PyTorch's names

Every public name of PyTorch ${version}'s main modules and of its tensors, and what became of it here. Names are PyTorch's in camel
case (\`log_softmax\` → \`logSoftmax\`); dtypes keep theirs. Whether functions give the same results is in
[conformance.md](conformance.md); how calls differ, in the README.

- **Have**: here, under that name.
- **Another form**: what it does is here, elsewhere or otherwise.
- **Not**: deliberately left out.
- **To come**: wanted, and not here yet.

This page is written by \`npm run parity\` from the names that PyTorch lists (\`tools/parity/names.py\`), from what litorch
exports, and from \`tools/parity/states.ts\`, which has the reasons. A test fails where a name has no state or a wrong one.
`;

function counts(owners: readonly string[], states: readonly NameState[]): string {
  const rows = owners.map((owner) => {
    const own = states.filter((state) => state.owner === owner);
    return [owner, own];
  }) as [string, NameState[]][];
  const line = (label: string, own: readonly NameState[]): string => {
    const numbers = order.map((state) => own.filter((entry) => entry.state === state).length);
    return `| ${label} | ${own.length} | ${numbers.join(' | ')} |`;
  };
  return [
    `| | names | ${order.map((state) => titles[state].toLowerCase()).join(' | ')} |`,
    '|---|---:|---:|---:|---:|---:|',
    ...rows.map(([owner, own]) => line(`[${owner}](#${owner.toLowerCase().replaceAll('.', '')})`, own)),
    line('all', states),
  ].join('\n');
}

const list = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

function section(owner: string, states: readonly NameState[]): string {
  const parts = [`## ${owner}`];
  const have = states.filter(({ state }) => state === 'have').map(({ name }) => name);
  if (have.length > 0) {
    // One line under each other letter keeps long lists readable.
    const byLetter = new Map<string, string[]>();
    for (const name of have) {
      const letter = (/[a-z]/i.exec(name)?.[0] ?? '').toLowerCase();
      byLetter.set(letter, [...(byLetter.get(letter) ?? []), name]);
    }
    const lines =
      have.length > 60
        ? [...byLetter].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, names]) => list(names))
        : [list(have)];
    parts.push(`### Have (${have.length})`, lines.join('\n\n'));
  }
  for (const state of order.slice(1)) {
    const own = states.filter((entry) => entry.state === state);
    if (own.length === 0) continue;
    const reasons = [...new Set(own.map(({ reason }) => reason))];
    const heading = { 'another form': 'Here', not: 'Why', 'to come': 'With', have: '' }[state];
    parts.push(
      `### ${titles[state]} (${own.length})`,
      [
        `| Names | ${heading} |`,
        '|---|---|',
        ...reasons.map((reason) => {
          const names = own.filter((entry) => entry.reason === reason).map(({ name }) => name);
          return `| ${list(names)} | ${reason} |`;
        }),
      ].join('\n'),
    );
  }
  return parts.join('\n\n');
}

/** The whole page. */
export function pageOf({ version, names }: RecordedNames, states: readonly NameState[]): string {
  const owners = Object.keys(names);
  const sections = owners.map((owner) =>
    section(
      owner,
      states.filter((state) => state.owner === owner),
    ),
  );
  return `${[introduction(version), counts(owners, states), ...sections].join('\n').replace(/\n(?=## )/g, '\n\n')}\n`;
}
