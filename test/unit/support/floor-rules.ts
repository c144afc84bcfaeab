/** A source file by its path below `src`. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

type Use = 'any' | 'types';

/** What each floor may import of ours beside itself; see docs/architecture.md. */
const FLOORS: Readonly<Record<string, Readonly<Record<string, Use>>>> = {
  cli: { actions: 'any', ui: 'any', config: 'any', host: 'any', domain: 'any' },
  ui: { domain: 'any' },
  actions: {
    tools: 'any',
    steps: 'any',
    sandbox: 'any',
    config: 'any',
    host: 'types',
    domain: 'any',
  },
  steps: { tools: 'any', host: 'types', domain: 'any' },
  tools: { host: 'types', domain: 'any' },
  sandbox: { tools: 'any', host: 'types', domain: 'any' },
  config: { host: 'types', domain: 'any' },
  host: { domain: 'any' },
  domain: {},
};

/** Libraries that have one owner: everybody else goes through it. */
const OWNERS: readonly { readonly floor: string; readonly modules: RegExp }[] = [
  {
    floor: 'host',
    modules:
      /^(execa|@inquirer\/prompts|node:(fs|fs\/promises|child_process|https?|http2|net|tls|dgram|process))$/,
  },
  { floor: 'ui', modules: /^(chalk|listr2|log-update)$/ },
];

const MAY_TOUCH_PROCESS = /^(host\/.*|cli\/(main|execute|program)\.ts)$/;

/** Every breach of the floors, as `file: what`. */
export function floorViolations(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => {
    const text = withoutComments(file.text);
    const found = [
      ...importsOf(text).flatMap((entry) => judge(file.path, entry)),
      ...globals(text),
    ];
    return found
      .filter((what) => what !== 'touches process' || !MAY_TOUCH_PROCESS.test(file.path))
      .map((what) => `${file.path}: ${what}`);
  });
}

interface Import {
  readonly from: string;
  readonly onlyTypes: boolean;
}

function judge(path: string, { from, onlyTypes }: Import): string[] {
  const floor = floorOf(path);
  const allowed = FLOORS[floor];
  if (allowed === undefined) return [`lies on no floor`];
  if (!from.startsWith('.')) {
    const owner = OWNERS.find(({ modules }) => modules.test(from));
    return owner === undefined || owner.floor === floor
      ? []
      : [`imports ${from}, which belongs to ${owner.floor}`];
  }
  const target = floorOf(resolvePath(path, from));
  if (target === floor) return [];
  const use = allowed[target];
  if (use === undefined) return [`imports ${target}`];
  return use === 'types' && !onlyTypes ? [`imports more than types of ${target}`] : [];
}

function importsOf(text: string): Import[] {
  const named = [
    ...text.matchAll(/\b(?:import|export)\s+([^'";]*?)\bfrom\s*['"]([^'"]+)['"]/g),
  ].map(([, what = '', from = '']) => ({ from, onlyTypes: isOnlyTypes(what) }));
  const bare = [...text.matchAll(/\bimport\s*['"]([^'"]+)['"]/g)];
  const dynamic = [...text.matchAll(/\bimport\s*\(\s*(?:['"]([^'"]+)['"])?/g)];
  return [
    ...named,
    ...[...bare, ...dynamic].map(([, from = '../a computed path']) => ({ from, onlyTypes: false })),
  ];
}

/** `type { A }`, or braces in which every name says `type` for itself. */
function isOnlyTypes(what: string): boolean {
  if (/^type\s/.test(what)) return true;
  const names = /^\{([\s\S]*)\}\s*$/.exec(what.trim())?.[1]?.split(',');
  if (names === undefined) return false;
  return names.map((name) => name.trim()).every((name) => name === '' || /^type\s/.test(name));
}

/** Reading `process.exitCode` is let through: our own results have a field of that name. */
function globals(text: string): string[] {
  return /(?<![.\w-])(?:globalThis\.)?process(?:\.(?!exitCode\b(?!\s*=[^=]))|\[)/.test(text)
    ? ['touches process']
    : [];
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}

function resolvePath(from: string, to: string): string {
  const steps = from.split('/').slice(0, -1);
  for (const step of to.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '.') steps.push(step);
  }
  return steps.join('/');
}

function floorOf(path: string): string {
  return path.split('/')[0] ?? '';
}
