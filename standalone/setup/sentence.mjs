import { words } from './words.mjs'

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

/** The disk is full: no other way of getting something helps. */
export class DiskFullError extends SetupError {
  name = 'DiskFullError'
}

/** The error for a program that failed: what it was to do, with the last lines of what it said; a full disk is told as such. */
export function programFailed(sentence, said, count = 5) {
  const full = said.split('\n').find((line) => /ENOSPC|No space left on device|enough free space/i.test(line))
  return full === undefined
    ? new SetupError(`${sentence}\n${lastLines(said, count)}`)
    : new DiskFullError(words.diskFull(full.trim()))
}
