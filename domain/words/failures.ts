import { words } from './message.ts'

/** Why a step, or what a person asked of the product, failed: one for each code of an error. */
export const failures = words({
  'load-gates-missed': {
    en: 'The load test missed {missed} of {all} gates: {gates}. Find out why, or run it again on a quieter machine if the generator was late.',
    zh: '压力测试的 {all} 项指标中有 {missed} 项未通过：{gates}。请查明原因；如压测程序自身延迟，请换一台空闲的机器重试。',
  },
  'and-more': { en: '{count} more', zh: '另有 {count} 项' },
})
