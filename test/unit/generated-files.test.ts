import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { buildProgram } from '../../src/cli/program.ts';
import { environmentFileSchema } from '../../src/config/environment-file.ts';
import { settingsSchema } from '../../src/config/settings.ts';
import { runRecordSchema } from '../../src/domain/run-record.ts';

/** Generated files stand in the repository; `npm run generate` writes them anew. */
test.each([
  [
    'run',
    runRecordSchema,
    'the record of a run: run.json, and what plan and apply print with --json',
  ],
  ['env', environmentFileSchema, 'the facts of an environment: live/<environment>/env.yaml'],
  ['platform', settingsSchema, 'settings of an estate: platform.yaml'],
] as const)('schemas/%s.schema.json is what the code checks', async (name, schema, title) => {
  const text = JSON.stringify({ title, ...z.toJSONSchema(schema) }, null, 2);
  await expect(`${text}\n`).toMatchFileSnapshot(`../../schemas/${name}.schema.json`);
});

test('docs/commands.md is what --help says', async () => {
  const program = buildProgram(() => {});
  const text = `# Commands\n\nGenerated from the code by \`npm run generate\`.\n\n${reference(program)}`;
  await expect(text).toMatchFileSnapshot('../../docs/commands.md');
});

function reference(command: Command, parents: readonly string[] = []): string {
  const path = [...parents, command.name()];
  const help = command.createHelp();
  const own = help.formatHelp(command, help).trim();
  const children = help
    .visibleCommands(command)
    .filter((child) => child.name() !== 'help')
    .map((child) => reference(child, path));
  return [`## ${path.join(' ')}\n\n\`\`\`text\n${own}\n\`\`\`\n`, ...children].join('\n');
}
