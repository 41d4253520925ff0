/** A reason set-up cannot go on, told to a person in one sentence; never shown with a stack trace. */
export class SetupError extends Error {
  name = 'SetupError'
}

/** The last lines a program wrote, for a sentence that quotes it. */
export function lastLines(text, count = 5) {
  return text
    .trim()
    .split('\n')
    .slice(-count)
    .map((line) => `  | ${line}`)
    .join('\n')
}
