/** What the events of a move name by digest. */
export const factsMessages = {
  facts: {
    en: 'List the facts, findings and proofs a move holds by digest; print one',
    zh: '列出迁移按摘要保存的事实、结论和证明；或输出其中一份',
  },
  argDigest: {
    en: 'The one to print, by the beginning of its SHA-256',
    zh: '要输出的一份，按 SHA-256 的开头指定',
  },
  columnEvent: { en: 'NO', zh: '序号' },
  columnAt: { en: 'AT', zh: '时间' },
  columnWhat: { en: 'WHAT', zh: '内容' },
  columnDigest: { en: 'SHA-256', zh: 'SHA-256' },
  none: { en: 'Nothing yet: the first facts come with the assessment.', zh: '暂无：评估完成后才有。' },
  printOne: {
    en: 'Print one: {program} migration facts {system} {beginning}',
    zh: '输出一份：{program} migration facts {system} {beginning}',
  },
  noSuchDigest: {
    en: 'The move names nothing whose SHA-256 begins with "{beginning}"; there are: {known}. Give one of them.',
    zh: '该迁移没有 SHA-256 以“{beginning}”开头的内容；现有：{known}。请从中选择。',
  },
  severalDigests: {
    en: 'Several begin with "{beginning}": {known}. Give more of the one you mean.',
    zh: '有多份以“{beginning}”开头：{known}。请给出更多位。',
  },
  differs: {
    en: 'What was received has sha256:{local}, but sha256:{digest} was asked for. Do not rely on it; ask the coordination team.',
    zh: '收到的内容为 sha256:{local}，而请求的是 sha256:{digest}。请勿采信，并联系协调小组。',
  },
} as const

export const factsNames = {
  facts: { en: 'facts of the hosts', zh: '主机事实' },
  findings: { en: 'findings of the assessment', zh: '评估结论' },
  rehearsal: { en: 'results of the rehearsal', zh: '演练结果' },
  proof: { en: 'proof of the disposal', zh: '清除证明' },
} as const
