import type { Prompts } from '../host.ts';

/** Questions go to standard error, so that standard output stays clean for pipes. */
export const nodePrompts: Prompts = {
  async confirm(message) {
    const { confirm } = await import('@inquirer/prompts');
    return asked(confirm({ message, default: false }, { output: process.stderr }), false);
  },
  async input(message) {
    const { input } = await import('@inquirer/prompts');
    return asked(input({ message }, { output: process.stderr }), '');
  },
  async select(message, choices) {
    const { select } = await import('@inquirer/prompts');
    const question = { message, choices: choices.map((value) => ({ value })) };
    return asked(select(question, { output: process.stderr }), '');
  },
};

/** Ctrl-C and a closed input at a prompt decline. https://github.com/SBoudrias/Inquirer.js#handling-ctrlc-gracefully */
async function asked<T>(question: Promise<T>, declined: T): Promise<T> {
  try {
    return await question;
  } catch (error) {
    if (error instanceof Error && /^(Exit|Abort)PromptError$/.test(error.name)) return declined;
    throw error;
  }
}
