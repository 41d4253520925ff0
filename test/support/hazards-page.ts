import type { Moment, Rule } from '../../families/postgresql/census/rule.ts'
import type { HazardCase } from './hazard-cases.ts'

const momentWords: Readonly<Record<Moment, string>> = {
  assessment: 'assessment',
  preflight: 'as the new hosts are handed over',
  replicate: 'before replication begins',
  precheck: 'before a switch',
  pause: 'right before clients are paused',
}

const cases = '../test/families/postgresql/hazards'

/** The page of hazards, written from the rules and the cases of the lab. */
export function hazardsPage(rules: readonly Rule[], lab: readonly HazardCase[]): string {
  const refusing = rules.filter(({ severity }) => severity === 'critical')
  const telling = rules.filter(({ severity }) => severity !== 'critical')
  return `# Hazards of a PostgreSQL database

What can make replication, a switch or a way back wrong; when it is looked at; what helps. This page is written from the
[rules](../families/postgresql/rules/index.ts) and the [cases of the lab](${cases}) by
\`QIANYUN_WRITE_PAGES=1 npm test -- hazards-page\`.

A finding names the object and what to do, in Chinese and English. What is critical is refused at each of its moments after the
assessment, unless a waiver covers it. A case of the lab is a file: what there is, what is done to it, and what has to become of
it on a real pair of PostgreSQL 15 and 18.

## Refused

${refusing.map((rule) => section(rule, lab)).join('\n')}
## Told

${telling.map((rule) => section(rule, lab)).join('\n')}
## Carried

Constructs that cross, with what is changed on either side, before the switch and after it:

${lab
  .filter(({ outcome }) => outcome === 'carried')
  .map((one) => `- ${one.what} ([${one.name}](${cases}/${one.name}.yaml))`)
  .join('\n')}

## Found as it is tried

What no rule foresees ends a copy or a schema with the server's own message, and the rehearsal comes before the window:

${lab
  .filter(({ outcome }) => outcome === 'copy ends' || outcome === 'schema refused')
  .map((one) => `- ${one.what} ([${one.name}](${cases}/${one.name}.yaml))`)
  .join('\n')}
`
}

function section(rule: Rule, lab: readonly HazardCase[]): string {
  const tests = lab
    .filter(({ finds }) => finds.some((found) => found.startsWith(`${rule.id} `)))
    .map(({ name }) => `[${name}](${cases}/${name}.yaml)`)
  const { severity, when, remedy, waiver } = rule
  return `### ${rule.id}

${prose(rule.sentence.en)}

- Severity: ${severity}.
- Looked at: ${when.map((moment) => momentWords[moment]).join(', ')}.
- What to do: ${prose(remedy.en)}
- Waiver: ${waiver === undefined ? 'none.' : prose(waiver.effect.en)}
- Test: ${tests.length > 0 ? tests.join(', ') : '[rules.test.ts](../test/families/postgresql/rules.test.ts)'}.
`
}

/** As the page shows it: a place is a name in braces, and what ends with no full stop gets one. */
const prose = (text: string): string => {
  const safe = text.replaceAll('<', '&lt;').replaceAll('*', '\\*')
  return /[.!?]$/.test(safe) ? safe : `${safe}.`
}
