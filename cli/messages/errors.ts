/** What is said when something does not work: what was found, what was expected, what to do next. */
export const errorMessages = {
  badBinding: {
    en: '{flag} "{value}" is not name=value. Give for example {example}.',
    zh: '{flag} 的“{value}”不是“名称=值”。例如 {example}。',
  },
  unreachable: {
    en: 'Nothing answers at "{server}" ({cause}). Start the server (npm start), or name another with --server or "qianyun context use".',
    zh: '“{server}”没有应答（{cause}）。请启动服务（npm start），或用 --server 或“qianyun context use”指定另一台服务器。',
  },
  silent: {
    en: '"{server}" took the request and gave no answer in {seconds} s. It may still be carried out: look before you ask again.',
    zh: '“{server}”接受了请求，但 {seconds} 秒内没有应答。请求可能仍在执行：请先查看，再决定是否重试。',
  },
  notAnApi: {
    en: 'What answers at "{server}" is not Qianyun: {path} gave status {status} with content type "{contentType}". Check the address.',
    zh: '“{server}”上应答的不是迁云：{path} 返回状态 {status}，内容类型为“{contentType}”。请检查地址。',
  },
  noToken: {
    en: 'You are not signed in at "{server}": no token is known{forAccount}. Choose a context ("qianyun context list", "qianyun context use NAME") or set QIANYUN_TOKEN_FILE.',
    zh: '尚未登录“{server}”：没有令牌{forAccount}。请选择一个上下文（“qianyun context list”、“qianyun context use 名称”），或设置 QIANYUN_TOKEN_FILE。',
  },
  tokenRefused: {
    en: 'The server "{server}" did not accept the token{forAccount}: {detail} Check the token file, or choose another context with "qianyun context use".',
    zh: '服务器“{server}”不接受令牌{forAccount}：{detail} 请检查令牌文件，或用“qianyun context use”选择另一个上下文。',
  },
  ofAccount: { en: ' for account "{account}"', zh: '（账号“{account}”）' },
  refused: { en: '{detail}', zh: '服务器拒绝：{detail}' },
  problemLine: { en: '  {path}: {message}', zh: '  {path}：{message}' },
  wholeInput: { en: 'the whole', zh: '整体' },
  unreadableFile: {
    en: 'The file "{path}" cannot be read ({cause}). Check the path and its permissions.',
    zh: '无法读取文件“{path}”（{cause}）。请检查路径和权限。',
  },
  unwritableFile: {
    en: 'The file "{path}" cannot be written ({cause}). Check the path and its permissions.',
    zh: '无法写入文件“{path}”（{cause}）。请检查路径和权限。',
  },
  exposedFile: {
    en: 'The file "{path}" can be read by other users (mode {mode}, expected 0600). Run: chmod 600 {path}',
    zh: '文件“{path}”可被其他用户读取（权限 {mode}，应为 0600）。请执行：chmod 600 {path}',
  },
  tooLarge: {
    en: 'The file "{path}" has {size} bytes; at most {max} are taken. Give a smaller one.',
    zh: '文件“{path}”有 {size} 字节，最多接受 {max} 字节。请提供更小的文件。',
  },
  notText: {
    en: 'The file "{path}" is no text in UTF-8. Save it in UTF-8 and try again.',
    zh: '文件“{path}”不是 UTF-8 编码的文本。请另存为 UTF-8 后重试。',
  },
  notYaml: {
    en: 'The file "{path}" is neither YAML nor JSON: {cause}. Correct it and try again.',
    zh: '文件“{path}”既不是 YAML 也不是 JSON：{cause}。请改正后重试。',
  },
  notAList: {
    en: 'The file "{path}" holds no systems: a list, or a mapping with the list "systems", was expected.',
    zh: '文件“{path}”中没有系统：应为列表，或含“systems”列表的映射。',
  },
  noKey: {
    en: 'No signing key is known for account "{account}". Name its file with --key-file, or record it: qianyun context set NAME --key-file FILE',
    zh: '没有账号“{account}”的签名密钥。请用 --key-file 指定文件，或记录下来：qianyun context set 名称 --key-file 文件',
  },
  notEd25519: {
    en: 'The file "{path}" does not hold an Ed25519 private key in PEM (PKCS #8). Give the key that belongs to the account.',
    zh: '文件“{path}”中不是 PEM（PKCS #8）格式的 Ed25519 私钥。请提供属于该账号的密钥。',
  },
  unknownContext: {
    en: 'There is no context "{name}" in "{path}"; there are: {names}. Choose one of them, or add it: qianyun context set {name} --server URL --token-file FILE',
    zh: '“{path}”中没有上下文“{name}”；现有：{names}。请从中选择，或新增：qianyun context set {name} --server URL --token-file 文件',
  },
  typeToConfirm: { en: 'Type "{expected}" to {what}: ', zh: '输入“{expected}”以{what}：' },
  none: { en: 'none', zh: '无' },
  notATime: {
    en: '{flag} "{value}" is not a time. Give an ISO time (2026-12-01T22:00 is read in {timeZone}; 2026-12-01T22:00+08:00 says its own zone) or a duration from {from} such as +30m, +2h, +1h30m.',
    zh: '{flag} 的“{value}”不是时间。请给出 ISO 时间（2026-12-01T22:00 按 {timeZone} 解释；2026-12-01T22:00+08:00 自带时区），或从{from}起的时长，如 +30m、+2h、+1h30m。',
  },
  notADuration: {
    en: '{flag} "{value}" is not a duration. Give one such as 30s, 5m, 2h or 1h30m.',
    zh: '{flag} 的“{value}”不是时长。请给出如 30s、5m、2h、1h30m。',
  },
  countFrom: {
    en: '{flag} "{value}" is not a whole number of {min} or more. Give one, such as 50.',
    zh: '{flag} 的“{value}”不是不小于 {min} 的整数。请给出如 50。',
  },
  countBetween: {
    en: '{flag} "{value}" is not a whole number from {min} to {max}. Give one, such as 50.',
    zh: '{flag} 的“{value}”不是 {min} 到 {max} 之间的整数。请给出如 50。',
  },
  notAnAddress: {
    en: 'The server address "{server}" is not an http or https URL. Give one such as http://127.0.0.1:7070.',
    zh: '服务器地址“{server}”不是 http 或 https 网址。请给出如 http://127.0.0.1:7070。',
  },
  notConfirmed: {
    en: 'Not confirmed: "{expected}" was expected, "{found}" was typed. Nothing was done.',
    zh: '未确认：应输入“{expected}”，实际输入“{found}”。没有执行任何操作。',
  },
  cannotAsk: {
    en: 'This needs a confirmation, and the input is not a terminal. Add --yes if you mean it. Nothing was done.',
    zh: '此操作需要确认，而输入不是终端。如确定要执行，请加 --yes。没有执行任何操作。',
  },
  interrupted: { en: 'Interrupted.', zh: '已中断。' },
  unexpected: {
    en: 'Unexpected error: {detail} Run again with QIANYUN_DEBUG=1 to see where.',
    zh: '发生意外错误：{detail} 设置 QIANYUN_DEBUG=1 后重试可查看位置。',
  },
} as const
