import { words } from './message.ts'

/** Why a step, or what a person asked of the product, failed: one for each code of an error. */
export const failures = words({
  'load-gates-missed': {
    en: 'The load test missed {missed} of {all} gates: {gates}. Find out why, or run it again on a quieter machine if the generator was late.',
    zh: '压力测试的 {all} 项指标中有 {missed} 项未通过：{gates}。请查明原因；如压测程序自身延迟，请换一台空闲的机器重试。',
  },
  'way-back-not-armed': {
    en: 'The way back is not armed: {reasons}. Mend the reverse replication and retry, or roll back while it still works.',
    zh: '退路未就绪：{reasons}。请修复反向复制后重试，或趁仍可回退时回退。',
  },
  'runner-lost': {
    en: 'The runner that worked on it ("{runner}") was not heard of in time: it has ended, is stopped, or cannot reach Temporal. Look at its machine and its log; once a runner of that network zone is there, try the step again: it goes on where it stopped.',
    zh: '执行该步骤的执行器（“{runner}”）未按时报告：已退出、被暂停，或连不上 Temporal。请查看其所在机器及日志；待该网络区域有执行器后重试该步骤，将从中断处继续。',
  },
  'runner-took-too-long': {
    en: 'The runner that worked on it ("{runner}") did not end in the time for it ({message}). Look at its log for what it waits for, then try the step again: it goes on where it stopped.',
    zh: '执行该步骤的执行器（“{runner}”）未在规定时间内完成（{message}）。请查看其日志了解在等待什么，然后重试该步骤，将从中断处继续。',
  },
  'own-database-away': {
    en: "Qianyun's own database ({place}) has taken nothing since {since}: {reason}. No server of the move is meant. Start that database, or free its disk: what waits for it goes on by itself.",
    zh: '迁云自身的数据库（{place}）自 {since} 起未能写入：{reason}。并非迁移双方的服务器。请启动该数据库或清理其磁盘：等待它的工作会自动继续。',
  },
  'places-taken': {
    en: 'The plan "{plan}" names what the move "{migration}" by the plan "{otherPlan}" of "{system}" works on: {conflicts}. Wait until that move has ended, or make a plan that names other places.',
    zh: '计划“{plan}”所用的位置正由“{system}”按计划“{otherPlan}”进行的迁移“{migration}”使用：{conflicts}。请等待该迁移结束，或另建使用其他位置的计划。',
  },
  'places-of-others': {
    en: 'The plan "{plan}" names "{places}", which a move of others works on. Make a plan that names other places, or have an administrator of this server say whose they are.',
    zh: '计划“{plan}”所用的“{places}”正由他人的迁移使用。请另建使用其他位置的计划，或请本服务器的管理员告知其归属。',
  },
  'place-in-common': {
    en: 'its "{path}" is "{is}", which is "{otherPath}" there',
    zh: '其“{path}”为“{is}”，即对方的“{otherPath}”',
  },
  'and-more': { en: '{count} more', zh: '另有 {count} 项' },
})
