/** A walk over all types that a package's user can reach, by the compiler's own knowledge of them. */
import {
  API,
  type Checker,
  ModifierFlags,
  type Symbol as Named,
  SignatureKind,
  SymbolFlags,
  type Type,
  TypeFlags,
} from 'typescript/unstable/sync';

/** Where a type is `any`, and where what a user gets is `unknown`: paths such as `nn.Module.parameters()`. */
export interface Loose {
  any: string[];
  unknown: string[];
  /** How many types were looked at. */
  types: number;
}

class Walk {
  readonly found: Loose = { any: [], unknown: [], types: 0 };
  readonly #seen = new Set<string>();
  readonly #modules = new Set<number>();

  constructor(
    readonly checker: Checker,
    /** What is common to the paths of the package's declarations. */
    readonly folder: string,
  ) {}

  module(symbol: Named, path: string): void {
    if (this.#modules.has(symbol.id)) return;
    this.#modules.add(symbol.id);
    for (const exported of this.checker.getExportsOfModule(symbol)) {
      const target = exported.flags & SymbolFlags.Alias ? this.checker.getAliasedSymbol(exported) : exported;
      const name = path === '' ? exported.name : `${path}.${exported.name}`;
      if (target.flags & SymbolFlags.ValueModule) {
        this.module(target, name);
        continue;
      }
      if (target.flags & SymbolFlags.Value) this.type(this.checker.getTypeOfSymbol(target), name, true);
      if (target.flags & SymbolFlags.Type)
        this.type(this.checker.getDeclaredTypeOfSymbol(target), name, true);
    }
  }

  /** `given`: the user gets it from the library, and does not give it. */
  type(type: Type | undefined, path: string, given: boolean): void {
    if (type === undefined) return;
    if (type.flags & TypeFlags.Any) this.found.any.push(path);
    if (type.flags & TypeFlags.Unknown && given) this.found.unknown.push(path);
    const key = `${type.id} ${given}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.found.types++;
    if (type.isUnionType() || type.isIntersectionType()) {
      for (const part of type.getTypes() ?? []) this.type(part, path, given);
      return;
    }
    if (type.isConditionalType()) {
      // Which it is depends on the caller.
      const { checker } = this;
      this.type(checker.getBaseConstraintOfType(type), path, given);
      return;
    }
    if (!type.isObjectType()) return;
    if (type.isTypeReference()) {
      // What iterables return at their end is `any` in the language's own library.
      const isIterable = /^(Async)?Itera/.test(type.getSymbol()?.name ?? '');
      this.checker.getTypeArguments(type).forEach((argument, i) => {
        if (i === 0 || !isIterable) this.type(argument, `${path}<${i}>`, given);
      });
    }
    if (!this.#isOwn(type)) return;
    const { name = '', flags = 0 } = type.getSymbol() ?? {};
    const isClass = (flags & SymbolFlags.Class) !== 0;
    // What has a name is found under that, by whatever way it was reached. A class is the library's, also where the
    // user hands an instance over.
    const isNamed = isClass || (flags & SymbolFlags.Interface) !== 0;
    this.#members(type, isNamed ? name : path, given || isClass);
  }

  #isOwn(type: Type): boolean {
    const declarations = type.getSymbol()?.declarations ?? [];
    return declarations.some(({ path }) => path.includes(this.folder));
  }

  #members(type: Type, path: string, given: boolean): void {
    const { checker } = this;
    for (const kind of [SignatureKind.Call, SignatureKind.Construct]) {
      for (const signature of checker.getSignaturesOfType(type, kind)) {
        this.type(checker.getReturnTypeOfSignature(signature), `${path}()`, given);
        for (const parameter of signature.getParameters())
          this.type(checker.getTypeOfSymbol(parameter), `${path}(${parameter.name})`, !given);
      }
    }
    for (const property of checker.getPropertiesOfType(type)) {
      // Private fields are declared without a type.
      const declaration = property.valueDeclaration?.resolve() as
        | { modifierFlags?: ModifierFlags }
        | undefined;
      const isPrivate = ((declaration?.modifierFlags ?? 0) & ModifierFlags.Private) !== 0;
      if (property.name !== 'prototype' && !property.name.includes('#private') && !isPrivate)
        this.type(checker.getTypeOfSymbol(property), `${path}.${property.name}`, given);
    }
    for (const { valueType } of checker.getIndexInfosOfType(type) as readonly { valueType: Type }[])
      this.type(valueType, `${path}[]`, given);
  }
}

/** Walks what `files`, of the project in `folder`, export; what lies outside `own` is not looked into. */
export function looseTypes(folder: string, files: readonly string[], own: string): Loose {
  const api = new API({ cwd: folder });
  try {
    const snapshot = api.updateSnapshot({ openProject: `${folder}/tsconfig.json` });
    const [project] = snapshot.getProjects();
    if (project === undefined) throw new Error(`no project in ${folder}`);
    const { checker, program } = project;
    const walk = new Walk(checker, own);
    for (const file of files) {
      const source = program.getSourceFileNames().find((name) => name.endsWith(file));
      const parsed = source === undefined ? undefined : program.getSourceFile(source);
      const symbol = parsed === undefined ? undefined : checker.getSymbolAtLocation(parsed);
      if (symbol === undefined) throw new Error(`${file} is no module of the project`);
      walk.module(symbol, '');
    }
    return walk.found;
  } finally {
    api.close();
  }
}
