import type { Host } from '../host/host.ts';
import type { SandboxSettings } from './settings.ts';
import { stopSandbox } from './stop-sandbox.ts';
import { storePath } from './store-file.ts';

/** Ends the sandbox and removes what it kept; the installed emulator stays. */
export async function resetSandbox(
  host: Host,
  settings: Pick<SandboxSettings, 'directory'>,
): Promise<'stopped' | 'not-running'> {
  const stopped = await stopSandbox(host, settings);
  await host.files.remove(storePath(settings.directory));
  return stopped;
}
