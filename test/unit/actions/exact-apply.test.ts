import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyAll, PLAIN_RULES } from '../../../src/actions/run/apply-all.ts';
import { planAll } from '../../../src/actions/run/plan-all.ts';
import { dependentsOf, type Graph } from '../../../src/domain/graph.ts';
import type { RunRecord } from '../../../src/domain/run-record.ts';
import { anyGraph } from '../support/graphs.ts';
import { MOCK, ModelEstate, type ModelFiles, type ModelUnit } from '../support/model-estate.ts';

const OPTIONS = { destroy: false, refresh: true, order: 'any', planThrough: true } as const;
const RUNS = { numRuns: 300 };

const anyReads = fc.subarray(['name', 'id'] as const);

function anyUnit(dependencies: readonly string[]): fc.Arbitrary<ModelUnit> {
  return fc.record({
    reads: fc.record(Object.fromEntries(dependencies.map((path) => [path, anyReads]))),
    value: fc.constantFrom('one', 'two'),
    generation: fc.constantFrom(1, 2),
    inputForcesReplace: fc.boolean(),
    readsData: fc.boolean(),
    fails: fc.constant(false),
  });
}

function anyFiles(graph: Graph): fc.Arbitrary<ModelFiles> {
  return fc.record(
    Object.fromEntries(
      graph.order.map((unit) => [unit, anyUnit(graph.units.get(unit)?.dependencies ?? [])]),
    ),
  );
}

/** Files before and after an edit, of the same units. */
const anyEdit = anyGraph.chain((graph) =>
  fc.record({
    graph: fc.constant(graph),
    before: anyFiles(graph),
    after: anyFiles(graph),
    /** Units whose states somebody deletes in between. */
    lost: fc.oneof(fc.constant([]), fc.subarray([...graph.order])),
  }),
);

interface Applied {
  /** As it stood when it was approved. */
  readonly approved: RunRecord;
  /** Units that were planned on mocks by then. */
  readonly onMocks: ReadonlySet<string>;
  readonly record: RunRecord;
}

async function apply(estate: ModelEstate, graph: Graph, limit = 3): Promise<Applied> {
  const context = estate.context();
  const worker = estate.worker();
  await planAll(context, graph, worker, OPTIONS, limit, new Map());
  const approved = context.recorder.record();
  const onMocks = new Set(estate.onMocks);
  await applyAll(context, graph, worker, limit);
  return { approved, onMocks, record: context.recorder.record() };
}

function resultsOf(record: RunRecord) {
  return new Map(record.units.map(({ unit, result }) => [unit, result]));
}

/** A unit in the record of an approval, and what the model saw being done to it. */
function wasApproved({ approved, onMocks }: Applied, unit: string, action: string): boolean {
  const entry = approved.units.find((one) => one.unit === unit);
  if (entry === undefined) return false;
  const shown = entry.resources.flatMap(({ actions }) => actions) as string[];
  if (onMocks.has(unit)) return entry.isNew && action === 'create';
  return shown.includes(action) || (action === 'update' && entry.pending.length > 0);
}

test('a first apply of anything plans every unit on real outputs, and nothing is left to do', async () => {
  const anyNew = anyGraph.chain((graph) => fc.tuple(fc.constant(graph), anyFiles(graph)));
  await fc.assert(
    fc.asyncProperty(anyNew, async ([graph, files]) => {
      const estate = new ModelEstate(graph, files);
      const { record } = await apply(estate, graph);
      expect([...resultsOf(record).values()].filter((result) => result !== 'applied')).toEqual([]);
      expect(estate.notAsPlanned()).toEqual([]);
      const contents = [...estate.made.values()].map(({ content }) => content);
      expect(contents.filter((content) => content.includes(MOCK))).toEqual([]);
    }),
    RUNS,
  );
});

test('after any edit nothing is applied that was not approved, and what is refused blocks its dependents alone', async () => {
  await fc.assert(
    fc.asyncProperty(anyEdit, async ({ graph, before, after, lost }) => {
      const estate = new ModelEstate(graph, before);
      await apply(estate, graph);
      estate.applies.length = 0;
      estate.lose(lost);
      estate.edit(after);
      const applied = await apply(estate, graph);
      const results = resultsOf(applied.record);
      for (const { unit, action } of estate.applies) {
        expect(wasApproved(applied, unit, action)).toBe(true);
      }
      const failed = graph.order.filter((unit) => results.get(unit) === 'failed');
      const blocked = graph.order.filter((unit) => results.get(unit) === 'skipped');
      const behind = dependentsOf(graph, failed);
      expect(blocked).toEqual(graph.order.filter((unit) => behind.has(unit)));
      // What was neither refused nor blocked is as its files say.
      const open = new Set([...failed, ...blocked]);
      expect(estate.notAsPlanned().filter((unit) => !open.has(unit))).toEqual([]);
    }),
    RUNS,
  );
});

test('where no input replaces anything, one apply is enough', async () => {
  await fc.assert(
    fc.asyncProperty(anyEdit, async ({ graph, before, after }) => {
      const estate = new ModelEstate(graph, before);
      await apply(estate, graph);
      const gentle = Object.entries(after).map(
        ([unit, file]) => [unit, { ...file, inputForcesReplace: false }] as const,
      );
      estate.edit(Object.fromEntries(gentle));
      const { record } = await apply(estate, graph);
      expect(record.units.flatMap(({ failure }) => failure ?? [])).toEqual([]);
      expect(estate.notAsPlanned()).toEqual([]);
    }),
    RUNS,
  );
});

test('no unit is applied before all that it depends on is done', async () => {
  await fc.assert(
    fc.asyncProperty(anyEdit, async ({ graph, before, after }) => {
      const estate = new ModelEstate(graph, before);
      for (const files of [before, after]) {
        estate.edit(files);
        estate.applies.length = 0;
        const { record } = await apply(estate, graph);
        const results = resultsOf(record);
        for (const { unit, after: done } of estate.applies) {
          const open = (graph.units.get(unit)?.dependencies ?? []).filter(
            (path) => !done.includes(path) && results.get(path) !== 'unchanged',
          );
          expect(open).toEqual([]);
        }
      }
    }),
    RUNS,
  );
});

test('an apply that fails blocks exactly its dependents', async () => {
  const anyFailing = anyGraph.chain((graph) =>
    fc.record({
      graph: fc.constant(graph),
      files: anyFiles(graph),
      failing: fc.subarray([...graph.order]),
    }),
  );
  await fc.assert(
    fc.asyncProperty(anyFailing, async ({ graph, files, failing }) => {
      const broken = Object.fromEntries(
        Object.entries(files).map(([unit, file]) => [
          unit,
          { ...file, fails: failing.includes(unit) },
        ]),
      );
      const estate = new ModelEstate(graph, broken);
      const { record } = await apply(estate, graph);
      const behind = dependentsOf(graph, failing);
      const expected = new Map(
        graph.order.map((unit) => {
          if (behind.has(unit)) return [unit, 'skipped'];
          return [unit, failing.includes(unit) ? 'failed' : 'applied'];
        }),
      );
      expect(resultsOf(record)).toEqual(expected);
      // Once what fails is mended, the same command ends where a first one would have.
      estate.edit(files);
      await apply(estate, graph);
      expect(estate.notAsPlanned()).toEqual([]);
    }),
    RUNS,
  );
});

test('an exact plan is never made again, and one that has nothing to do is never applied', async () => {
  await fc.assert(
    fc.asyncProperty(anyEdit, async ({ graph, before, after }) => {
      const estate = new ModelEstate(graph, before);
      await apply(estate, graph);
      estate.edit(after);
      const { approved, record } = await apply(estate, graph);
      for (const { unit, label } of approved.units) {
        const phases = record.units.find((one) => one.unit === unit)?.phases ?? [];
        const names = phases.map(({ phase }) => phase);
        if (label === 'exact') expect(names).not.toContain('replan');
        if (label === 'no-changes') expect(names).toEqual(['plan']);
      }
    }),
    RUNS,
  );
});

test('a unit whose steps do not pass stays applied, and none of its dependents starts', async () => {
  const anyBroken = anyGraph.chain((graph) =>
    fc.tuple(fc.constant(graph), anyFiles(graph), fc.subarray([...graph.order])),
  );
  await fc.assert(
    fc.asyncProperty(anyBroken, async ([graph, files, broken]) => {
      const estate = new ModelEstate(graph, files);
      const context = estate.context();
      const worker = estate.worker();
      await planAll(context, graph, worker, OPTIONS, 3, new Map());
      const asked: string[] = [];
      await applyAll(context, graph, worker, 3, PLAIN_RULES, async (unit) => {
        // Its own state is complete by then.
        expect(estate.made.has(unit)).toBe(true);
        asked.push(unit);
        return !broken.includes(unit);
      });
      const behind = dependentsOf(graph, broken);
      const results = resultsOf(context.recorder.record());
      const expected = graph.order.filter((unit) => !behind.has(unit));
      expect(asked.sort()).toEqual([...expected].sort());
      for (const unit of graph.order) {
        expect(results.get(unit)).toBe(behind.has(unit) ? 'skipped' : 'applied');
      }
    }),
    RUNS,
  );
});
