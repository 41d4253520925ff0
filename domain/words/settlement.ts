import { words } from './message.ts'

/** What settling the sides of a cutover does with what it finds. */
export const settlements = words({
  'settle-two-open': {
    en: 'Both sides are recorded as open. Nothing is opened or closed: find out who opened the second one, and compare both first.',
    zh: '两侧都记录为在用。不会启用或封锁任何一侧：请先查明是谁启用了第二侧，并比较两侧。',
  },
  'settle-mixed': {
    en: 'The old side serves one database of the system, and the new side another. Nothing is opened or closed: find out who switched one alone, and switch it back alone with the playbook "postgresql-switch".',
    zh: '旧侧与新侧各为系统的一部分数据库提供服务。不会启用或封锁任何一侧：请先查明是谁单独切换了其中之一，并用剧本“postgresql-switch”单独切回。',
  },
  'settle-old-serves': {
    en: 'The old side serves and goes on. The entry is pointed there and its clients go on; replication into the new side is set going again; this cutover is over.',
    zh: '旧侧在用并继续服务。入口指向旧侧并放行客户端；恢复到新侧的复制；本次割接结束。',
  },
  'settle-new-serves': {
    en: 'The new side serves and goes on. The entry is pointed there and its clients go on; the cutover goes on from there.',
    zh: '新侧在用并继续服务。入口指向新侧并放行客户端；割接从该处继续。',
  },
  'settle-both-closed': {
    en: 'Both sides are closed. By their records the one that served last is opened, and the entry is pointed there: the new one only where nothing but its opening was left of the switch.',
    zh: '两侧均已封锁。按记录启用最后提供服务的一侧，并把入口指向该侧；只有切换仅差启用新侧这一步时才启用新侧。',
  },
  'settle-waits-for-new': {
    en: 'The new side does not answer. The old one is opened again where its own record shows that the new one cannot have been opened; else the new server is waited for, and named. Where it is gone for good, give --new-side-gone.',
    zh: '新侧没有应答。如旧侧自身的记录表明新侧不可能已启用，则重新启用旧侧；否则等待新侧服务器，并指明其位置。如新侧已永久丢失，请使用 --new-side-gone。',
  },
  'settle-waits-for-old': {
    en: 'The old side does not answer. Its server is waited for, and named; nothing is opened before that.',
    zh: '旧侧没有应答。将等待其服务器，并指明其位置；在此之前不会启用任何一侧。',
  },
  'settle-alone': {
    en: 'The old side is opened without the new one, after every way of hearing from that has been tried. What the new side may have taken after the switch is lost; the move goes on as after a rollback.',
    zh: '确认以各种方式都得不到新侧的任何响应后，单独启用旧侧。切换后新侧可能接收的写入将丢失；迁移按回退后的流程继续。',
  },
  'settle-new-stale': {
    en: 'The old side serves and goes on. The new side was given up and came back; it may hold writes that are nowhere else. Nothing is dropped there until its dump is named by --give-up HOST:PATH and two people have agreed.',
    zh: '旧侧在用并继续服务。新侧曾被放弃而后恢复，可能有别处没有的写入。在以 --give-up HOST:PATH 指明其导出文件且两人同意之前，不会删除该处任何内容。',
  },
  'settle-old-stale': {
    en: 'The new side serves and goes on. The old side was given up and came back; it may hold writes that are nowhere else. Once the move is in retention, "retention rearm --give-up HOST:PATH" empties it and seeds it anew.',
    zh: '新侧在用并继续服务。旧侧曾被放弃而后恢复，可能有别处没有的写入。迁移进入保留期后，由“retention rearm --give-up HOST:PATH”清空并重新建立。',
  },
  'recover-where-gone': {
    en: 'Temporal knows no workflow of this move. Make sure that this is the right Temporal: where another one still carries the move, two of them write its record, and one of them stops.',
    zh: 'Temporal 中没有此次迁移的工作流。请确认连接的 Temporal 无误：如另有 Temporal 仍在执行此次迁移，两者会同时写入记录，其中一个将停止。',
  },
  'recover-preparing': {
    en: 'A new workflow carries the move on in {phase:phase}. Steps that are on record as done stay done, and tasks stay as they are; a step that was under way is begun again.',
    zh: '由新的工作流从{phase:phase}续办。已记录完成的步骤不再执行，任务保持原状；当时正在执行的步骤重新开始。',
  },
  'recover-trial-run': {
    en: 'A new workflow carries the move on in the trial run. A trial run that was not over begins anew: what nobody has on record was not observed.',
    zh: '由新的工作流从试运行续办。尚未结束的试运行重新开始：没有记录的时间不算观测。',
  },
  'recover-before-switch': {
    en: 'After that a new workflow carries the move on before its switch. A window and a go that were given before do not count any more.',
    zh: '随后由新的工作流从切换前续办。此前安排的窗口和割接决定不再有效。',
  },
  'recover-switched': {
    en: 'The new side serves and goes on. A new workflow does what is left of the cutover: the rest of its playbook, the write probe, the arming of the way back.',
    zh: '新侧在用并继续服务。由新的工作流完成割接的剩余部分：剧本的其余步骤、写入探测、建立退路。',
  },
  'recover-retention': {
    en: 'The new side serves and goes on. A new workflow keeps the way back: what the guard finds is told again, the retention counts from the cutover as before, and rollback, seeding anew, schema changes and the release are taken again.',
    zh: '新侧在用并继续服务。由新的工作流保持退路：监视结果重新上报，保留期仍自割接起算，并重新接受回退、重新建立旧侧、表结构变更和同意清除等命令。',
  },
  'recover-rollback': {
    en: 'The rollback that was under way goes on where it stopped, in a new workflow.',
    zh: '由新的工作流从中断处继续执行正在进行的回退。',
  },
  'recover-closing': {
    en: 'The new side serves and goes on. A new workflow does what is left of the closing: the wiping of the old data goes on, as its owner has released it.',
    zh: '新侧在用并继续服务。由新的工作流完成下线的剩余部分：按所属部门的书面同意继续清除旧侧数据。',
  },
  'recover-abort': {
    en: 'The abort that was asked for is carried out by a new workflow: what was set up beside the old side is undone, and the move ends.',
    zh: '由新的工作流执行已请求的中止：撤销在旧侧之外建立的内容，迁移结束。',
  },
  'settle-new-answers': {
    en: 'The new side answers, and nothing is given up. Settle without --new-side-gone.',
    zh: '新侧有应答，不会放弃任何内容。请不带 --new-side-gone 执行。',
  },
})
