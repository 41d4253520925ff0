/**
 * What the server's refusals say in Chinese, by their code. The server's own sentence is English and holds the values
 * concerned, so it is always shown too.
 */
export const refusalsInChinese: Readonly<Record<string, string>> = {
  'internal-error': '服务器内部错误。',
  'invalid-input': '输入无效，请按提示改正后重试。',
  'only-in-move': '该剧本含有只能在迁移之内执行的步骤。',
  'places-taken': '计划所用的数据库、目录或入口正由另一系统的迁移使用；请等待其结束，或改用其他位置。',
  'playbook-changed': '剧本文件与冻结时不一致。',
  'policy-under-floor': '策略低于规定的最低要求。',
  'secret-in-text':
    '文字中疑似含有口令、密钥或令牌；所写内容将永久留存，请去掉后重试，并将其保存在密钥库中；若已外传请立即更换。',
}
