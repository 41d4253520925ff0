import { pairRule } from '../census/rule.ts'

const toleratedMs = 2_000

/** Both clocks are held against the runner's. What a slow answer leaves open is no difference. */
export const clocksDiffer = pairRule({
  id: 'clocks-differ',
  severity: 'critical',
  when: ['assessment', 'replicate', 'precheck'],
  letsGoBack: true,
  looksAt: ['server'],
  sentence: {
    zh: '服务器“{object}”的时钟与{here}至少相差 {seconds} 秒：切换后写入的时间会倒退或跳跃，按时间续读的程序会漏读。',
    en: 'The clock of server "{object}" and that of {here} are {seconds} seconds apart or more: after a switch times jump, and whoever reads on from the last time it has seen misses rows.',
  },
  remedy: {
    zh: '让两台服务器与同一时间源同步（chrony、ntp）',
    en: 'Let both hosts follow the same source of time (chrony, ntp)',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '仅当应用不比较时间时。',
      en: 'that is for an application that compares no times.',
    },
  },
  find: (facts, other) => {
    const [here, there] = [facts.server.clockAheadMs, other.server.clockAheadMs]
    if (here === undefined || there === undefined) return []
    const apartMs = Math.max(there.atLeast - here.atMost, here.atLeast - there.atMost)
    if (apartMs <= toleratedMs) return []
    return [
      { object: `${other.address}:${String(other.port)}`, values: { seconds: Math.round(apartMs / 1_000) } },
    ]
  },
})
