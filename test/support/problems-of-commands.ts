import { createCommandLine } from '../../cli/command-line/command-line.ts'

/**
 * A process of its own, since jest does not load yargs: reads a JSON list of command lines (each a list of words), and prints what the
 * command line says against each, null where it would carry it out.
 */
async function problemOf(args: readonly string[]): Promise<string | null> {
  const line = await createCommandLine(args, 'en', '0', () => async () => undefined)
  try {
    await line.parseAsync()
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

let text = ''
for await (const chunk of process.stdin) text += String(chunk)
const problems: (string | null)[] = []
for (const args of JSON.parse(text) as readonly (readonly string[])[]) problems.push(await problemOf(args))
process.stdout.write(JSON.stringify(problems))
