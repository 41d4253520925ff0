import { YAMLException, load } from 'js-yaml'
import { brokenTexts } from '../../domain/broken-text.ts'
import { type InputProblem, problemAt } from '../../domain/errors.ts'
import type { Said } from '../../domain/words/message.ts'
import { inForeignWords, said } from '../../domain/words/said.ts'
import { playbookFile, type PlaybookFolder } from '../../domain/playbook/files.ts'
import { Playbook } from '../../domain/playbook/playbook.ts'
import { problemsOf } from './problems.ts'

const sizeLimitBytes = 256 * 1024
const depthLimit = 30
const refusedKeys = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Parses the text of a playbook and checks its shape. Returns the playbook, or all its problems together. Aliases, merges, tags,
 * duplicate keys, deep nesting and keys that could reach an object's prototype are refused.
 */
export function parsePlaybook(text: string): { playbook: Playbook } | { problems: readonly InputProblem[] } {
  const yaml = parseYaml(text)
  if ('problems' in yaml) return yaml
  const parsed = Playbook.safeParse(yaml.document)
  return parsed.success
    ? { playbook: parsed.data }
    : { problems: problemsOf(parsed.error.issues, yaml.document) }
}

/** The playbook of a folder; undefined if its file is no valid playbook, and then none of its steps can run. */
export function playbookIn({ files }: Pick<PlaybookFolder, 'files'>): Playbook | undefined {
  const parsed = parsePlaybook(files.get(playbookFile) ?? '')
  return 'playbook' in parsed ? parsed.playbook : undefined
}

function parseYaml(text: string): { document: unknown } | { problems: readonly InputProblem[] } {
  const sizeBytes = Buffer.byteLength(text)
  if (sizeBytes > sizeLimitBytes) {
    return whole(said('yaml-too-large', { found: sizeBytes, most: sizeLimitBytes }))
  }
  let document: unknown
  try {
    document = load(text, { maxDepth: depthLimit, maxAliases: 0 })
  } catch (error) {
    if (error instanceof YAMLException)
      return whole(said('yaml-refused', { reason: inForeignWords(error.message.split('\n')[0] ?? '') }))
    return whole(said('yaml-refused'))
  }
  const refused = findRefusedKey(document, [])
  const problems = [...(refused === undefined ? [] : [refused]), ...brokenTexts(document)]
  return problems.length === 0 ? { document } : { problems }
}

function whole(what: Said): { problems: readonly InputProblem[] } {
  return { problems: [problemAt('', what)] }
}

function findRefusedKey(value: unknown, path: readonly string[]): InputProblem | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  for (const key of Object.keys(value)) {
    const here = [...path, key]
    if (refusedKeys.has(key)) return problemAt(here.join('.'), said('yaml-key-refused', { key }))
    const inner = findRefusedKey((value as Record<string, unknown>)[key], here)
    if (inner !== undefined) return inner
  }
  return undefined
}
