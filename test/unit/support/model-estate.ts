import { createHash } from 'node:crypto';
import type { AheadAnswer } from '../../../src/actions/run/ahead-answers.ts';
import type { SavedPlan } from '../../../src/actions/run/apply-unit.ts';
import type { RunContext } from '../../../src/actions/run/context.ts';
import type { PlannedUnit } from '../../../src/actions/run/plan-unit.ts';
import { createRecorder } from '../../../src/actions/run/recorder.ts';
import type { UnitWorker } from '../../../src/actions/run/unit-worker.ts';
import type { PhaseOutcome } from '../../../src/domain/events.ts';
import type { Graph } from '../../../src/domain/graph.ts';
import { emptyPlan, type Plan, type ResourceChange } from '../../../src/domain/plan.ts';
import type { PlannedOutputs } from '../../../src/domain/planned-output.ts';
import type { UnitConfig } from '../../../src/domain/unit-config.ts';
import type { KnownState } from '../../../src/domain/unit-state.ts';
import { memoryFiles } from './memory-files.ts';
import { planOf, runRecord, unitRecord } from './records.ts';

/** What the files of one unit of the model say. */
export interface ModelUnit {
  /** Outputs read of each dependency; a dependency without any only gives order. */
  readonly reads: Readonly<Record<string, readonly ('name' | 'id')[]>>;
  readonly value: string;
  /** A change of it replaces the resource, and so its id. */
  readonly generation: number;
  /** Another input replaces the resource too. */
  readonly inputForcesReplace: boolean;
  /** It is made of what a data source finds: the values of everything upstream, in the cloud. */
  readonly readsData: boolean;
  /** Its apply fails. */
  readonly fails: boolean;
}

interface Made {
  readonly content: string;
  readonly input: string;
  readonly generation: number;
  readonly name: string;
  readonly id: string;
}

export type ModelFiles = Readonly<Record<string, ModelUnit>>;

/** One change that was really made. */
export interface ModelApply {
  readonly unit: string;
  readonly action: 'create' | 'update' | 'replace';
  /** Units that were done by then. */
  readonly after: readonly string[];
}

export const MOCK = 'mock';

/**
 * An estate in memory whose units behave as Terraform's do, in the two ways that matter: a plan sees
 * the outputs that are in states, and an id is not known before it is made. Nothing in it knows of
 * labels or approvals; a property test drives the real planning and applying over it.
 */
export class ModelEstate {
  readonly made = new Map<string, Made>();
  readonly applies: ModelApply[] = [];
  /** Units whose newest plan was made on a mock. */
  readonly onMocks = new Set<string>();
  readonly #graph: Graph;
  #files: ModelFiles;
  #ids = 0;

  constructor(graph: Graph, files: ModelFiles) {
    this.#graph = graph;
    this.#files = files;
  }

  /** Somebody changes the files. */
  edit(files: ModelFiles): void {
    this.#files = files;
  }

  /** The states of these units are gone. */
  lose(units: readonly string[]): void {
    for (const unit of units) this.made.delete(unit);
  }

  /** Units whose plan on the outputs of now is not empty. */
  notAsPlanned(): string[] {
    return this.#graph.order.filter((unit) => {
      const input = this.#inputOf(unit, {});
      return input === undefined || this.#actionOf(unit, input) !== undefined;
    });
  }

  context(): RunContext {
    const clock = { now: () => 0, sleep: async () => {} };
    const files = memoryFiles();
    const record = runRecord(
      this.#graph.order.map((unit) =>
        unitRecord(unit, { dependencies: [...(this.#graph.units.get(unit)?.dependencies ?? [])] }),
      ),
      { command: 'apply', endedAt: null, exitCode: null },
    );
    const known = {
      session: { host: { clock, files }, environment: { name: 'model', folder: '/model' } },
      directory: '/run',
      recorder: createRecorder({ files, clock }, '/run', record, () => {}),
      interruption: { signal: () => undefined },
      configs: this.#configs(),
      oldFolders: new Map(),
      states: { of: async (unit: string) => this.#stateOf(unit), forget: () => {} },
      hash,
    };
    return known as unknown as RunContext;
  }

  worker(): UnitWorker {
    return {
      plan: async (unit, phase, ahead = []) => this.#plan(unit, phase, ahead),
      apply: async (unit, saved) => this.#apply(unit, saved),
      lock: async () => ({ kind: 'held', release: async () => {} }),
    };
  }

  #configs(): Map<string, UnitConfig> {
    const dependenciesOf = (unit: string) =>
      Object.entries(this.#unit(unit).reads).flatMap(([dependency, reads]) =>
        reads.length === 0
          ? []
          : [
              {
                name: dependency,
                unit: dependency,
                reads,
                enabled: true,
                skipped: false,
                mocks: { name: MOCK, id: MOCK },
                mocksAllowedFor: ['plan'],
                mergesMocks: 'no' as const,
              },
            ],
      );
    return new Map(
      this.#graph.order.map((unit) => [
        unit,
        { unit, dependencies: dependenciesOf(unit), readsFiles: [] },
      ]),
    );
  }

  #unit(unit: string): ModelUnit {
    const found = this.#files[unit];
    if (found === undefined) throw new Error(`the model has no unit "${unit}"`);
    return found;
  }

  #stateOf(unit: string): KnownState {
    const made = this.made.get(unit);
    if (made === undefined) return 'none';
    const output = (value: string) => ({ sensitive: false, type: 'string', value });
    const outputs = { name: output(made.name), id: output(made.id) };
    return { lineage: unit, serial: 1, resources: 1, outputs };
  }

  /** Undefined where an output is not there. */
  #inputOf(unit: string, ahead: Readonly<Record<string, string>>, mock?: string) {
    const { reads, readsData } = this.#unit(unit);
    const parts: string[] = [];
    for (const [dependency, names] of Object.entries(reads)) {
      for (const name of names) {
        const value = ahead[`${dependency}.${name}`] ?? this.made.get(dependency)?.[name] ?? mock;
        if (value === undefined) return undefined;
        parts.push(value);
      }
    }
    if (readsData) parts.push(`data(${this.#seenInCloud(unit)})`);
    return parts.join('+');
  }

  #seenInCloud(unit: string): string {
    const upstream = this.#graph.units.get(unit)?.dependencies ?? [];
    return upstream.map((path) => this.made.get(path)?.content ?? 'nothing').join();
  }

  #actionOf(unit: string, input: string): ModelApply['action'] | undefined {
    const { value, generation, inputForcesReplace } = this.#unit(unit);
    const made = this.made.get(unit);
    if (made === undefined) return 'create';
    if (made.generation !== generation) return 'replace';
    if (made.input !== input && inputForcesReplace) return 'replace';
    return made.content === `${value}(${input})` ? undefined : 'update';
  }

  #plan(unit: string, phase: string, answers: readonly AheadAnswer[]): PlannedUnit {
    const { reads, readsData, value } = this.#unit(unit);
    const ahead = Object.fromEntries(
      answers.flatMap(({ dependency, outputs }) =>
        Object.entries(outputs).map(([name, output]) => [
          `${dependency}.${name}`,
          String(output.value),
        ]),
      ),
    );
    const missing = Object.entries(reads)
      .filter(([dependency, names]) => names.length > 0 && !this.made.has(dependency))
      .map(([dependency]) => dependency);
    const input = this.#inputOf(unit, ahead, phase === 'replan' ? undefined : MOCK);
    if (input === undefined)
      throw new Error(`"${unit}" was planned again before ${missing.join()}`);
    if (input.includes(MOCK)) this.onMocks.add(unit);
    else this.onMocks.delete(unit);
    const action = this.#actionOf(unit, input);
    const content = `${value}(${input})`;
    const { plan, outputs } = this.#planOf(unit, action, content);
    return {
      outcome: { kind: 'planned', plan, sha256: content, inputs: hash(`${unit} ${input}`) },
      // The files and states are to tell, not the log.
      saidMocks: [],
      dataReads: readsData ? ['data.cloud.everything'] : [],
      outputs,
      plannedThrough: answers.flatMap(({ dependency, names }) =>
        names.map((name) => `${dependency}.${name}`),
      ),
    };
  }

  #planOf(
    unit: string,
    action: ModelApply['action'] | undefined,
    content: string,
  ): { readonly plan: Plan; readonly outputs: PlannedOutputs } {
    if (action === undefined) return { plan: emptyPlan([]), outputs: {} };
    const made = this.made.get(unit);
    const attributes = action === 'update' ? ['content'] : ['content', 'id'];
    const resource: ResourceChange = {
      address: `resource.${unit}`,
      type: 'resource',
      actions: [action],
      forcedBy: [],
      attributes,
      known: { content: hash(content) },
      values: [],
    };
    const name = nameOf(content);
    const outputs: PlannedOutputs = {
      ...(made?.name === name
        ? {}
        : { name: { kind: 'known', output: { sensitive: false, type: 'string', value: name } } }),
      ...(action === 'update' ? {} : { id: { kind: 'unknown' } }),
    };
    const names = Object.keys(outputs).sort();
    const plan = planOf({
      resources: [resource],
      outputs: names,
      knownOutputs: Object.fromEntries(
        Object.entries(outputs).flatMap(([key, one]) =>
          one.kind === 'known' ? [[key, hash(String(one.output.value))]] : [],
        ),
      ),
      isNew: made === undefined,
    });
    return { plan, outputs };
  }

  #apply(unit: string, saved: SavedPlan): PhaseOutcome {
    const { fails, value, generation } = this.#unit(unit);
    const input = this.#inputOf(unit, {});
    const digest = input === undefined ? undefined : hash(`${unit} ${input}`);
    // The shim refuses what was planned with other inputs; a data source is in the plan as it was read.
    const isOther = !this.#unit(unit).readsData && digest !== saved.inputs;
    if (fails || input === undefined || isOther) {
      const summary = fails ? 'fails' : 'the inputs are not the ones that were planned';
      const kind = fails ? ('failed' as const) : ('refused' as const);
      return { kind: 'failed', failure: { kind, summary }, done: 0 };
    }
    const planned = saved.sha256.slice(value.length + 1, -1);
    const action = this.#actionOf(unit, planned);
    if (action === undefined) throw new Error(`an empty plan of "${unit}" was applied`);
    const before = this.made.get(unit);
    const isSame = action === 'update' && before !== undefined;
    this.#ids += 1;
    this.made.set(unit, {
      content: saved.sha256,
      input: planned,
      generation,
      name: nameOf(saved.sha256),
      id: isSame ? before.id : `id-${this.#ids}`,
    });
    this.applies.push({ unit, action, after: [...new Set(this.applies.map((one) => one.unit))] });
    return { kind: 'applied', done: 1, failedChecks: [] };
  }
}

/** Short, so that two contents can have one name: a change that downstream does not see. */
function nameOf(content: string): string {
  return `name-${hash(content).charCodeAt(0) % 3}`;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
