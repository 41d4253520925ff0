import { differenceRule } from '../census/rule.ts'

/** Anything of the catalogs: whoever uses the side that is opened would find it otherwise than on the one that was left. */
export const sidesDiffer = differenceRule({
  id: 'sides-differ',
  when: ['replicate', 'precheck'],
  sentence: {
    zh: '两侧的“{object}”不同：{from}为“{fromText}”，{to}为“{toText}”。',
    en: 'The sides differ in "{object}": {from} has "{fromText}", {to} has "{toText}".',
  },
  remedy: { zh: '使{to}与{from}一致{how}', en: 'Make it on {to} as it is on {from}{how}' },
})
