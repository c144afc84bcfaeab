import { z } from 'zod';
import { ToolError } from '../domain/errors.ts';
import type { Host } from '../host/host.ts';

const settingsSchema = z.object({
  /** Pid file, EKS store and logs of this sandbox. */
  directory: z.string(),
  /** Where the emulator's virtual environments are cached, shared by all sandboxes. */
  emulatorDirectory: z.string(),
  account: z.string().regex(/^\d{12}$/, 'must be an account number of 12 digits'),
  region: z.string(),
  /** State buckets that exist as soon as the sandbox is up; versioned. */
  buckets: z.array(z.string()).readonly(),
  /** A Python of 3.10 or newer: a name on PATH or a path. */
  python: z.string(),
  /**
   * What control planes are made of: a folder with etcd, kube-apiserver, kube-controller-manager,
   * kube-scheduler, kwok and kwokctl, and kubectl. Without it clusters have no API server.
   */
  kubernetes: z.object({ directory: z.string(), kubectl: z.string() }).optional(),
});

export type SandboxSettings = z.infer<typeof settingsSchema>;

function settingsPath(directory: string): string {
  return `${directory}/settings.json`;
}

/** What the daemon is told goes through a file: an argument list would be cut or misread, and a reset needs it too. */
export async function writeSandboxSettings(host: Host, settings: SandboxSettings): Promise<void> {
  const text = `${JSON.stringify(settings, null, 2)}\n`;
  await host.files.writeAtomic(settingsPath(settings.directory), text, { mode: 0o600 });
}

/** The settings that `startSandbox` left in `directory`, for the hidden command `sandbox serve`. */
export async function readSandboxSettings(host: Host, directory: string): Promise<SandboxSettings> {
  const path = settingsPath(directory);
  const text = await host.files.read(path);
  if (text === undefined) {
    throw new ToolError({
      what: `no sandbox settings in "${directory}"`,
      where: path,
      next: 'start the sandbox with: platform sandbox up',
    });
  }
  return settingsSchema.parse(JSON.parse(text));
}
