import { join } from 'node:path';
import type { Command, RunningChild } from '../../host/command.ts';
import type { Host } from '../../host/host.ts';
import type { InstallOutcome, OnProgress } from './download-release.ts';
import { lastBuildSeconds, recordBuild } from './last-build.ts';
import type { GoBuild, Recipe } from './recipe.ts';

export type BuildHost = Pick<Host, 'files' | 'processes' | 'machine' | 'env' | 'clock'>;

const POLL_MS = 500;

/** Folders of one install: scratch, what comes of it and nothing else, and the cache that keeps it. */
export interface BuildPlace {
  readonly work: string;
  readonly stage: string;
  readonly cacheDirectory: string;
}

type Go = (...args: readonly string[]) => Command;

/**
 * Builds all binaries of the recipe by one `go build`, at the versions that the module's `go.mod` holds.
 * Go's own caches for it need gigabytes, so they lie in `work` and go away with it.
 */
export async function buildFromGo(
  host: BuildHost,
  recipe: Recipe,
  place: BuildPlace,
  onProgress: OnProgress,
): Promise<InstallOutcome> {
  const { goBuild } = recipe;
  if (goBuild === undefined) return { kind: 'not-offered' };
  const title = `${recipe.name} ${recipe.version}`;
  const startedAt = host.clock.now();
  const elapsedSeconds = () => Math.round((host.clock.now() - startedAt) / 1000);
  const say = (text: string) => onProgress(`${title}: ${text}`);
  const go = await goCommands(host, goBuild, place.work);

  const downloading = () =>
    say(`downloading its Go modules, ${duration(elapsedSeconds())} (about 1 min)`);
  const unfit = await whyUnfit(host, go, goBuild, title);
  if (unfit !== undefined) return { kind: 'failed', why: unfit };
  const packages = goBuild.binaries.map((binary) => binary.package);
  const list = host.processes.start(go('list', '-deps', ...packages), { kind: 'capture' });
  const listed = await watched(host, list, downloading);
  if (listed.exitCode !== 0) {
    return { kind: 'failed', why: `cannot list what to build: ${lastLine(listed.stderr)}` };
  }
  const total = new Set(listed.stdout.trim().split('\n')).size;

  const log = join(place.work, 'build.log');
  const last = await lastBuildSeconds(host, place.cacheDirectory, recipe.name);
  const usual = usualDuration(goBuild, last);
  const flags = ['-v', '-trimpath', '-ldflags', linkerFlags(goBuild), '-o', `${place.stage}/`];
  const build = host.processes.start(go('build', ...flags, ...packages), {
    kind: 'files',
    stdout: log,
    stderr: log,
  });
  const result = await watched(host, build, async () => {
    const built = ((await host.files.read(log)) ?? '').split('\n').length - 1;
    const state = built < total ? `${built} of ${total} packages` : 'linking';
    say(`building from source, ${state}, ${duration(elapsedSeconds())} (${usual})`);
  });
  if (result.exitCode !== 0) {
    const problem = mainProblem((await host.files.read(log)) ?? '');
    return { kind: 'failed', why: `go build failed: ${problem}` };
  }
  await renameBuilt(host, goBuild, place.stage);
  await recordBuild(host, place.cacheDirectory, recipe.name, elapsedSeconds());
  return { kind: 'done' };
}

/** Undefined when Go is there and `go.mod` holds every version that is wanted. */
async function whyUnfit(
  host: BuildHost,
  go: Go,
  { binaries }: GoBuild,
  title: string,
): Promise<string | undefined> {
  const modules = new Set(binaries.map(({ module }) => module));
  const listed = await host.processes.run(
    go('list', '-m', '-f', '{{.Path}} {{.Version}}', ...modules),
  );
  if (listed.notStarted !== undefined) return 'go is not on PATH, so it cannot be built either';
  if (listed.exitCode !== 0) return `cannot build ${title} from Go: ${lastLine(listed.stderr)}`;
  const lines = listed.stdout.split('\n').map((line) => line.split(' ', 2) as [string, string]);
  const held = new Map(lines);
  const wrong = binaries.find(({ module, version }) => held.get(module) !== `v${version}`);
  if (wrong === undefined) return undefined;
  return `cannot build ${title} from Go: go.mod holds ${held.get(wrong.module) ?? 'no version'}`;
}

async function renameBuilt(host: BuildHost, { binaries }: GoBuild, stage: string): Promise<void> {
  for (const binary of binaries) {
    const built = executableName(binary.package);
    if (built === binary.output) continue;
    await host.files.rename(join(stage, built), join(stage, binary.output));
  }
}

async function goCommands(host: BuildHost, goBuild: GoBuild, work: string): Promise<Go> {
  const temporary = join(work, 'go-tmp');
  await host.files.makeDirectory(temporary);
  return (...args) => ({
    argv: ['go', ...args],
    cwd: join(host.machine.packageDirectory, 'tools', goBuild.folder),
    env: {
      ...host.env,
      CGO_ENABLED: '0',
      // Without modcacherw the module cache is read-only and cannot be removed.
      GOFLAGS: '-mod=readonly -modcacherw',
      GOCACHE: join(work, 'go-build'),
      GOMODCACHE: join(work, 'go-mod'),
      // Go leaves what it is linking behind when a signal ends it.
      GOTMPDIR: temporary,
    },
  });
}

function linkerFlags({ variables }: GoBuild): string {
  const settings = Object.entries(variables).map(([name, value]) => `-X ${name}=${value}`);
  return ['-s -w', ...settings].join(' ');
}

/** As `go build` names it: the path's last element that is no major version. */
function executableName(path: string): string {
  const elements = path.split('/').filter((element) => !/^v\d+$/.test(element));
  return elements.at(-1) ?? path;
}

/** Says something at every look, so that nobody takes a long build for a hanging one. */
async function watched(host: BuildHost, child: RunningChild, say: () => void | Promise<void>) {
  let running = true;
  const ended = child.ended.finally(() => {
    running = false;
  });
  while (running) {
    await say();
    await Promise.race([ended, host.clock.sleep(POLL_MS)]);
  }
  return ended;
}

function usualDuration({ usual }: GoBuild, lastSeconds: number | undefined): string {
  if (lastSeconds !== undefined) return `took ${duration(lastSeconds)} last time`;
  return `about ${usual.minutes} min on 2 cores, and ${usual.gigabytes} GB of disk meanwhile`;
}

function duration(seconds: number): string {
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m ${seconds % 60}s`;
}

/** A full disk makes many lines, and the last one is seldom about it. */
function mainProblem(log: string): string {
  const fullDisk = log.split('\n').find((line) => line.includes('no space left on device'));
  return fullDisk?.trim() ?? lastLine(log);
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
