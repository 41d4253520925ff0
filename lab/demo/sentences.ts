import { language } from '../../standalone/sentences.ts'

/** What the demo says at the terminal, and what its people write into the move. */
export const sentences = {
  en: {
    wrongSystem: (found: string, known: readonly string[]) =>
      `"--system" was given "${found}"; one of ${known.map((one) => `"${one}"`).join(', ')} was expected. See "npm run demo -- --list".`,
    wrongNumber: (flag: string, found: string, least: number) =>
      `"--${flag}" was given "${found}"; a whole number from ${least} to 400 was expected. Say "--${flag} 5".`,
    starting: 'starting a stack and a machine room of its own',
    watch: (url: string) => `watch it at ${url}`,
    killed: (name: string, nth: number, times: number) => `kill -9 of the ${name} (${nth} of ${times})`,
    place: (nth: number, of: number, phase: string, round: number, doing: string) =>
      `${nth}/${of} ${phase} (round ${round}) · ${doing}`,
    waitsFor: (what: readonly string[]) => `waits for ${what.join('; ')}`,
    ofRoles: (roles: readonly string[], what: string) => `${roles.join(', ')}: ${what}`,
    goesOn: 'goes on',
    recognises: (role: string) => `${role} recognises the report`,
    saysGo: 'operations says go',
    triesAgain: (why: string) => `operations has it tried again: ${why}`,
    does: (role: string, task: string) => `${role} does "${task}"`,
    adapts: (round: number) => `vendor adapts the code (round ${round}), with evidence`,
    signsAdaptation: 'vendor signs it with its own key',
    rejectsAdaptation: 'owner rejects it: no test record',
    acceptsAdaptation: 'owner accepts it',
    schedules: 'operations schedules a window of twenty minutes',
    rollsBack: 'operations rolls back',
    releases: 'owner releases the old data in writing',
    jobsDue: (after: SwitchWord, on: SidesWord) =>
      `after the ${after} the daily summary is due on: ${sidesInEnglish[on]}`,
    notes: {
      tryAgain: 'The workers are back; measured again.',
      acceptFindings: 'The findings are right; the vendor adapts what they name.',
      approveResources: 'Allocated; the host keys are those on our consoles.',
      acknowledgeLedger: 'Seen.',
      acknowledgeRollback: 'Seen; the cause is known and mended.',
      recordHardware: 'Server QY-0117 goes to the spare pool of the data centre.',
      reviseRules: 'Backup and duty rules revised for the new deployment.',
      playbookTask: 'Done.',
      adapt: 'Addresses and paths are configuration now; tested on Node 20.',
      reject: 'The record of the internal test is missing.',
      go: 'All checks passed.',
      rollBack: 'Payment notices arrive late on the new side.',
      release: 'We no longer need the old data; it may be wiped.',
    },
    evidence: (round: number, findings: string) =>
      `# Adaptation of the permit desk, round ${round}\n\nFindings handled:\n${findings}`,
    evidenceOfTests: 'Internal test: 42 cases, 42 passed.',
    failures: {
      ledgerChanged: 'The ledger changed under the move.',
      schemaChanged: 'Somebody changed the schema under the move.',
      wayBackLost: 'The way back was lost: nothing of it follows any more.',
      endedOutside: 'The workflow of the move was ended from outside.',
    },
    stepFailed: (step: string, why: string) => `The step "${step}" failed: ${why}`,
    aborted: (why: string) => `The move was aborted: ${why}`,
    outcome: (system: string, closed: boolean, seconds: number) =>
      `${system}: moved, rolled back, moved again and ${closed ? 'closed' : 'NOT closed'} in ${seconds} s (lab durations)`,
    switches: { cutover: 'cutover', rollback: 'rollback', recutover: 'recutover' },
    figures: (gapMs: number, acked: number, lost: number, ambiguous: number) =>
      `nobody could write for ${gapMs} ms · ${acked} acknowledged writes, ${lost} lost, ${ambiguous} ambiguous`,
    rows: { report: 'report', wayBack: 'way back', jobs: 'jobs', audit: 'audit' },
    signed: (digest: string, parties: readonly string[]) =>
      `sha256 ${digest}… signed by ${parties.join(', ')}`,
    wayBackUntil: (state: string, until: string) => `${state} until ${until}`,
    jobsAfter: (cutover: SidesWord, rollback: SidesWord, recutover: SidesWord) =>
      `due on ${sidesInEnglish[cutover]} after the cutover, on ${sidesInEnglish[rollback]} after the rollback, on ${sidesInEnglish[recutover]} after the second cutover`,
    chain: (entries: number, verified: boolean) =>
      `${entries} entries, chain ${verified ? 'verified' : 'BROKEN'}`,
  },
  zh: {
    wrongSystem: (found: string, known: readonly string[]) =>
      `“--system”的值是“${found}”，应为 ${known.map((one) => `“${one}”`).join('、')} 之一，见“npm run demo -- --list”。`,
    wrongNumber: (flag: string, found: string, least: number) =>
      `“--${flag}”的值是“${found}”，应为 ${least} 到 400 的整数，例如“--${flag} 5”。`,
    starting: '正在启动演示专用的平台和机房',
    watch: (url: string) => `可在此查看：${url}`,
    killed: (name: string, nth: number, times: number) => `强制终止 ${name}（第 ${nth} 次，共 ${times} 次）`,
    place: (nth: number, of: number, phase: string, round: number, doing: string) =>
      `${nth}/${of} ${phase}（第 ${round} 轮）· ${doing}`,
    waitsFor: (what: readonly string[]) => `等待${what.join('；')}`,
    ofRoles: (roles: readonly string[], what: string) => `${roles.join('、')}：${what}`,
    goesOn: '继续',
    recognises: (role: string) => `${role}认可报告`,
    saysGo: '运维决定割接',
    triesAgain: (why: string) => `运维重试该步骤：${why}`,
    does: (role: string, task: string) => `${role}完成“${task}”`,
    adapts: (round: number) => `承建厂商改造代码（第 ${round} 次），并附证据`,
    signsAdaptation: '承建厂商以自己的密钥签字',
    rejectsAdaptation: '所属部门退回：缺少测试记录',
    acceptsAdaptation: '所属部门接受',
    schedules: '运维安排二十分钟的割接窗口',
    rollsBack: '运维执行回退',
    releases: '所属部门书面同意清除旧侧数据',
    jobsDue: (after: SwitchWord, on: SidesWord) =>
      `${switchesInChinese[after]}之后，每日汇总在${sidesInChinese[on]}执行`,
    notes: {
      tryAgain: '执行进程已恢复，重新测量。',
      acceptFindings: '评估结果属实，由承建厂商改造所列内容。',
      approveResources: '已分配；主机公钥与控制台所示一致。',
      acknowledgeLedger: '已知悉。',
      acknowledgeRollback: '已知悉；原因已查明并消除。',
      recordHardware: '服务器 QY-0117 转入数据中心备机。',
      reviseRules: '已按新的部署修订备份和值班制度。',
      playbookTask: '已完成。',
      adapt: '地址和路径已改为配置项，已在 Node 20 上测试。',
      reject: '缺少内部测试记录。',
      go: '各项检查均已通过。',
      rollBack: '新侧的缴费通知延迟到达。',
      release: '旧侧数据不再需要，可以清除。',
    },
    evidence: (round: number, findings: string) =>
      `# 行政许可受理系统适应性改造，第 ${round} 次\n\n已处理的评估结果：\n${findings}`,
    evidenceOfTests: '内部测试：42 项，42 项通过。',
    failures: {
      ledgerChanged: '迁移期间台账发生变化。',
      schemaChanged: '迁移期间表结构被修改。',
      wayBackLost: '退路已失去，旧侧不再跟随。',
      endedOutside: '迁移的工作流在外部被结束。',
    },
    stepFailed: (step: string, why: string) => `步骤“${step}”失败：${why}`,
    aborted: (why: string) => `迁移已中止：${why}`,
    outcome: (system: string, closed: boolean, seconds: number) =>
      `${system}：已迁移、回退、再次迁移，${closed ? '并已办结' : '但未办结'}，用时 ${seconds} 秒（实验环境时长）`,
    switches: { cutover: '割接', rollback: '回退', recutover: '再次割接' },
    figures: (gapMs: number, acked: number, lost: number, ambiguous: number) =>
      `无法写入 ${gapMs} 毫秒 · 已确认写入 ${acked} 次，丢失 ${lost} 次，结果不明 ${ambiguous} 次`,
    rows: { report: '报告', wayBack: '退路', jobs: '定时任务', audit: '审计日志' },
    signed: (digest: string, parties: readonly string[]) => `sha256 ${digest}…，由${parties.join('、')}签署`,
    wayBackUntil: (state: string, until: string) => `${state}，期限 ${until}`,
    jobsAfter: (cutover: SidesWord, rollback: SidesWord, recutover: SidesWord) =>
      `割接后在${sidesInChinese[cutover]}执行，回退后在${sidesInChinese[rollback]}执行，再次割接后在${sidesInChinese[recutover]}执行`,
    chain: (entries: number, verified: boolean) => `${entries} 条，链${verified ? '完整' : '已断裂'}`,
  },
} as const

type SwitchWord = 'cutover' | 'rollback' | 'recutover'
type SidesWord = 'new' | 'old' | 'both' | 'neither'

const sidesInEnglish = { new: 'the new side', old: 'the old side', both: 'both sides', neither: 'no side' }
const sidesInChinese = { new: '新侧', old: '旧侧', both: '两侧', neither: '任何一侧都不' }
const switchesInChinese = { cutover: '割接', rollback: '回退', recutover: '再次割接' }

/** What the demo says, in the language that `--lang` or the environment asks for. */
export const says = sentences[language]
