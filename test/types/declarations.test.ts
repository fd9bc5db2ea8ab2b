/** The declaration files of the package: no `any`, nothing unknown comes back, and each operator with its schema. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { declarationFiles, declarations, writeProject } from '../support/compiler.js';
import { looseTypes } from '../support/publicTypes.js';

const read = (file: string): string => readFileSync(join(declarations, file), 'utf8');

/** A declaration file without its comments and strings. */
const code = (file: string): string =>
  read(file)
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/'[^'\n]*'|"[^"\n]*"/g, "''");

/** `any` as a type: not as a function's, a method's or a parameter's name. */
const anyType = /(?<![.\w$])any\b(?! *[?(:$\w])/;

function lines(pattern: RegExp): string[] {
  return declarationFiles.flatMap((file) =>
    code(file)
      .split('\n')
      .filter((line) => pattern.test(line))
      .map((line) => `${file.replaceAll('\\', '/')}: ${line.trim()}`),
  );
}

describe('all that a user can reach', () => {
  const entries = ['', '/adversarial', '/jest', '/serialization', '/squad'];
  const files = {
    'user.ts': entries.map((entry, i) => `export * as entry${i} from 'litorch${entry}';`).join('\n'),
    'loose.ts': `
export declare function f(x: number): any;
export declare function g(): unknown;
export declare function h(take: (x: any) => void): { list: any[] };
export interface Box { content: Promise<unknown> }
`,
  };
  const folder = writeProject({ files, options: { module: 'NodeNext' } });

  test('is neither any nor, where it comes back, unknown', () => {
    const { any, unknown, types } = looseTypes(
      folder,
      entries.map((entry) => `dist/lib${entry}/index.d.ts`),
      '/dist/lib/',
    );
    expect(types).toBeGreaterThan(3000);
    // What a module without a `forward` of its own takes and gives: nothing narrower lets every module be one.
    const isOpen = /^(Module|ModuleList|ModuleDict|ParameterList|RNNBase|RNNCellBase)(\(|\.register)/;
    expect(any.filter((path) => isOpen.test(path)).length).toBeGreaterThan(0);
    expect([...new Set(any)].filter((path) => !isOpen.test(path))).toEqual([]);
    expect([...new Set(unknown)].filter((path) => !isOpen.test(path)).sort()).toEqual([
      // JavaScript's own.
      'AbortSignalLike.reason',
      'AdversarialError.cause',
      'DisposedError.cause',
      'DistributedError.cause',
      'LinAlgError.cause',
      'NotImplementedError.cause',
      // What hooks of whichever optimizer see of its arguments, and what its saved state may have besides.
      'Optimizer.registerStepPostHook(hook)(args)<0>',
      'OutOfMemoryError.cause',
      'PackedGroup[]',
      'SafetensorsError.cause',
      'SquadFormatError.cause',
      'TorchError.cause',
      // As for the modules above.
      'nn.ForwardHook()',
      'nn.ForwardPreHook()<0>',
      'nn.ForwardResult',
    ]);
  });

  test('is found where it is', () => {
    expect(looseTypes(folder, ['loose.ts'], 'loose.ts')).toMatchObject({
      any: ['f()', 'h().list<0>', 'h(take)(x)'],
      unknown: ['g()', 'Box.content<0>'],
    });
  });
});

describe('declarations', () => {
  test('have no any', () => {
    expect(anyType.test('export declare function f(x: any): void;')).toBe(true);
    expect(anyType.test('export declare function f(): any[];')).toBe(true);
    expect(anyType.test('x: Map<string, any>;')).toBe(true);
    expect(anyType.test('export declare function any(input: Tensor): Tensor;')).toBe(false);
    expect(lines(anyType)).toEqual([
      // What a module of unknown class takes: nothing narrower lets every module be one.
      'nn/modules/module.d.ts: } ? A : any[];',
    ]);
  });

  test.each(['functions', 'linalg', 'fft', 'special', 'nnFunctions'])(
    'of generated/%s show every schema',
    (name) => {
      const text = read(`generated/${name}.d.ts`);
      const functions = new Set([...text.matchAll(/function (\w+)\(/g)].map(([, function_]) => function_));
      const comments = [...text.matchAll(/\/\*\*([\s\S]*?)\*\/\n(?:export )?(?:declare )?function (\w+)\(/g)];
      expect(new Set(comments.map(([, , function_]) => function_))).toEqual(functions);
      for (const [, comment = '', function_] of comments)
        expect(`${function_}: ${comment}`).toMatch(/- `\w+(\.\w+)?\(.*\) -> /);
    },
  );

  test('link to the documentation of one version of PyTorch', () => {
    const links = declarationFiles.flatMap((file) =>
      [...read(file).matchAll(/https:\/\/(?:docs\.)?pytorch\.org\/docs\/([^/\s]+)/g)].map(
        ([, version]) => `${file}: ${version}`,
      ),
    );
    expect(links.length).toBeGreaterThan(800);
    expect(links.filter((link) => !link.endsWith(': 2.13'))).toEqual([]);
  });
});
