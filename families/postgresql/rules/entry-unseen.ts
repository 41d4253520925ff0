import { databaseRule } from '../census/rule.ts'

export const entryUnseen = databaseRule({
  id: 'entry-unseen',
  severity: 'warning',
  when: ['assessment'],
  looksAt: ['entries'],
  sentence: {
    zh: '入口“{object}”（{place}）未能查明（“{reason}”）。',
    en: 'Entry "{object}" at {place} could not be looked at ("{reason}").',
  },
  remedy: {
    zh: '使其主机与管理台可达后重新评估；切换之前会全部核对。',
    en: 'Let its host and its console be reached and assess again; all of it is looked at before a switch.',
  },
  find: ({ entries }) =>
    entries.flatMap(({ name, place, unseen }) =>
      unseen === undefined ? [] : [{ object: name, values: { place, reason: unseen.slice(0, 300) } }],
    ),
})
