/** The report and its recognition. */
export const reportMessages = {
  show: { en: 'Show the trial-run report and check its digest', zh: '查看试运行结果报告并核对其摘要' },
  amend: { en: 'Have the report issued anew; signatures become void', zh: '重新出具报告；已有签署作废' },
  flagRaw: { en: 'Print its bytes exactly as they were digested', zh: '原样输出计算摘要的字节' },
  flagDigest: { en: 'An earlier report, by its SHA-256', zh: '按 SHA-256 查看早先的报告' },
  flagRemark: { en: 'What is to be said in the new version', zh: '新版中要说明的内容' },
  didAmend: { en: 'a new version is being issued; signatures are void', zh: '正在出具新版；已有签署作废' },
  verified: {
    en: 'Digest recomputed over the {bytes} bytes received: sha256:{digest}, the same as the server names.',
    zh: '对收到的 {bytes} 字节重新计算摘要：sha256:{digest}，与服务器所称一致。',
  },
  differs: {
    en: 'The report received has sha256:{local}, but the server names sha256:{named}. Do not sign it; ask the coordination team.',
    zh: '收到的报告为 sha256:{local}，而服务器称其为 sha256:{named}。请勿签署，并联系协调小组。',
  },
  noDigest: {
    en: 'The server did not say which digest the report has, so it cannot be checked. Nothing was signed.',
    zh: '服务器没有给出报告的摘要，无法核对。没有签署。',
  },
} as const

export const signoffMessages = {
  show: { en: 'Show who has to sign the report, and who has', zh: '查看谁应签署、谁已签署报告' },
  sign: { en: 'Check the report and sign it with your own key', zh: '核对报告并用自己的密钥签署' },
  flagYes: { en: 'Sign without asking', zh: '不再询问，直接签署' },
  move: { en: 'Move', zh: '迁移' },
  lab: { en: 'LAB', zh: '实验环境' },
  report: { en: 'Report', zh: '报告' },
  reportLine: { en: 'version {version}, sha256:{digest}', zh: '第 {version} 版，sha256:{digest}' },
  noReport: { en: 'none is issued yet', zh: '尚未出具' },
  remark: { en: 'Remark', zh: '说明' },
  recognised: { en: 'Recognised', zh: '共同认可' },
  yes: { en: 'yes', zh: '是' },
  no: { en: 'no', zh: '否' },
  columnParty: { en: 'PARTY', zh: '签署方' },
  columnOrganisation: { en: 'ORGANISATION', zh: '单位' },
  columnAccount: { en: 'SIGNED BY', zh: '签署人' },
  columnKey: { en: 'KEY', zh: '密钥' },
  columnAt: { en: 'AT', zh: '时间' },
  missing: { en: 'missing', zh: '未签署' },
  you: { en: 'You', zh: '本人' },
  youMay: { en: 'may sign as {party}: {command}', zh: '可作为{party}签署：{command}' },
  youMayNot: { en: 'may not sign: {reason}', zh: '不能签署：{reason}' },
  notAParty: {
    en: 'Your account is no party to this report; these are: {parties}. Use the context of one of them.',
    zh: '你的账号不是该报告的签署方；签署方为：{parties}。请使用其中一方的上下文。',
  },
  nothingToSign: {
    en: 'There is no report to sign yet. Wait until it is issued.',
    zh: '还没有可签署的报告。请等待其出具。',
  },
  textDiffers: {
    en: 'The server asks to sign another text than the report received and your account make here. Nothing was signed; ask the coordination team.',
    zh: '服务器要求签署的文本与本地按所收报告和账号生成的文本不同。没有签署，请联系协调小组。',
  },
  summary: { en: 'The report says:', zh: '报告内容摘要：' },
  willSign: { en: 'You sign exactly this text, with key {key}:', zh: '你将用密钥 {key} 签署以下文本：' },
  signIt: { en: 'sign it', zh: '签署' },
  didSign: {
    en: 'signed as {party} with key {key} (event {sequence})',
    zh: '已作为{party}用密钥 {key} 签署（事件 {sequence}）',
  },
} as const
