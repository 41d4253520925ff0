/** What secrets may be used for, and where. */
export const secretMessages = {
  bind: {
    en: 'Say what a secret is for, on the machine that keeps it',
    zh: '在保存凭据的机器上说明其用途',
  },
  approve: {
    en: 'Let a secret of your organisation be used at another address',
    zh: '批准本单位的凭据用于另一个地址',
  },
  withdraw: {
    en: 'Take back the approval of an address',
    zh: '撤回对某个地址的批准',
  },
  addresses: { en: 'List the decided addresses', zh: '列出已决定的地址' },
  argSecret: { en: 'Name of the secret', zh: '凭据名称' },
  flagSystem: { en: 'System it is used for', zh: '用于哪个系统' },
  flagPurpose: { en: 'What it is used for', zh: '用途' },
  flagOrganisation: {
    en: 'Organisation that answers for it and approves further addresses',
    zh: '对其负责并批准其他地址的单位',
  },
  flagAddress: {
    en: 'Where it is used: address:port; with host-file the address of the host',
    zh: '使用地址：地址:端口；用途为 host-file 时填写主机地址',
  },
  bound: {
    en: '"{secret}" may be used for "{system}" ({purpose}) at {addresses}; "{organisation}" answers for it.',
    zh: '“{secret}”可用于“{system}”（{purpose}），地址：{addresses}；由“{organisation}”负责。',
  },
  approved: {
    en: '"{secret}" may be used for "{system}" ({purpose}) at "{address}", if "{organisation}" answers for it.',
    zh: '“{secret}”可用于“{system}”（{purpose}），地址“{address}”；前提是由“{organisation}”负责该凭据。',
  },
  withdrawn: {
    en: '"{organisation}" no longer lets "{secret}" be used for "{system}" ({purpose}) at "{address}". Addresses it is bound to stay.',
    zh: '“{organisation}”不再允许将“{secret}”用于“{system}”（{purpose}）的地址“{address}”。绑定的地址不受影响。',
  },
  none: { en: 'No address has been decided.', zh: '尚未对任何地址作出决定。' },
  columnSecret: { en: 'SECRET', zh: '凭据' },
  columnSystem: { en: 'SYSTEM', zh: '系统' },
  columnPurpose: { en: 'PURPOSE', zh: '用途' },
  columnAddress: { en: 'ADDRESS', zh: '地址' },
  columnDecision: { en: 'DECISION', zh: '决定' },
  columnBy: { en: 'BY', zh: '决定人' },
  isApproved: { en: 'approved', zh: '已批准' },
  isWithdrawn: { en: 'withdrawn', zh: '已撤回' },
} as const
