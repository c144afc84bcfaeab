import { buildProgram } from './program.ts';

const program = buildProgram((exitCode) => {
  process.exitCode = exitCode;
});

await program.parseAsync();
