import { words } from './message.ts'

/** How datasets cross. */
export const methodNames = words({
  'online-behind-pooler': {
    en: 'online, clients led by pgbouncer',
    zh: '在线迁移，由 pgbouncer 引导客户端',
  },
  'online-direct': { en: 'online, clients connect directly', zh: '在线迁移，客户端直连' },
  'file-passes': { en: 'files, in passes', zh: '文件多轮同步' },
  'commands-copied-back': {
    en: 'stopped, by commands of its vendor, copied back at a rollback',
    zh: '由厂商命令停机迁移，回退时复制回旧侧',
  },
  'commands-as-left': {
    en: 'stopped, by commands of its vendor, the old side kept as it was left',
    zh: '由厂商命令停机迁移，旧侧原样保留',
  },
  tracked: {
    en: 'tracked: by people, with another tool or by hand',
    zh: '另行迁移：由人员以其他工具或人工完成',
  },
})

/** Why a method is chosen, what it interrupts and what a rollback brings back; what it has to be given. */
export const methods = words({
  'method-for-pooler': {
    en: 'It is a PostgreSQL database, and its clients come through pgbouncer.',
    zh: '该数据集为 PostgreSQL 数据库，客户端经 pgbouncer 访问。',
  },
  'method-for-direct': {
    en: 'It is a PostgreSQL database, and its clients connect to its server themselves.',
    zh: '该数据集为 PostgreSQL 数据库，客户端直接连接其服务器。',
  },
  'method-for-mariadb': {
    en: 'It is a MariaDB database, and its clients connect to its server themselves.',
    zh: '该数据集为 MariaDB 数据库，客户端直接连接其服务器。',
  },
  'method-for-managed': {
    en: '{clients} Its new side is a managed service of PostgreSQL {version}, which its administrator subscribes to without being a superuser.',
    zh: '{clients}新侧为 PostgreSQL {version} 托管服务，其管理员无需超级用户即可订阅。',
  },
  'method-for-files': { en: 'It is a folder of files.', zh: '该数据集为文件目录。' },
  'method-for-commands-back': {
    en: 'No family knows it. Its vendor brought commands, for the way back as well ("take" on the old side, "give" on the new one).',
    zh: '没有数据族认识该数据集。厂商提供了命令，也包括回程（旧侧有“take”，新侧有“give”）。',
  },
  'method-for-commands': {
    en: 'No family knows it. Its vendor brought commands for the way there alone.',
    zh: '没有数据族认识该数据集。厂商只提供了去程的命令。',
  },
  'gap-waits': {
    en: 'Clients wait, without an error, until the last changes are on the other side; a switch that is not through after {length} is undone. The rehearsal measures it.',
    zh: '客户端等待最后的变更到达另一侧，不会报错；{length}内未完成的切换会撤销。由演练实测。',
  },
  'gap-errors': {
    en: 'Clients get errors until the other side is open and their application runs there; a switch that is not through after {length} is undone. The rehearsal measures it.',
    zh: '在另一侧启用并启动其应用之前，客户端会报错；{length}内未完成的切换会撤销。由演练实测。',
  },
  'gap-of-files': {
    en: 'None of its own: what comes meanwhile is carried as requests are led to the other side.',
    zh: '自身没有中断：期间产生的文件在请求转向另一侧时补齐。',
  },
  'gap-stopped': {
    en: 'Nobody is served from the stop to the start, for the whole copy: {length} at most, then the switch is undone. The rehearsal measures it.',
    zh: '从停止到启动期间停止服务，覆盖整个复制过程：至多 {length}，超过则撤销切换。由演练实测。',
  },
  'back-replicated': {
    en: 'Lossless: what the new side takes is replicated to the old one all through retention.',
    zh: '无损：保留期内新侧的写入持续复制到旧侧。',
  },
  'back-files': {
    en: 'Lossless: files of the new side are carried to the old one all through retention, and once more at a rollback.',
    zh: '无损：保留期内新侧的文件持续同步到旧侧，回退时再同步一次。',
  },
  'back-copied': {
    en: 'Lossless, with the system stopped again: a rollback copies everything back.',
    zh: '无损，但需再次停机：回退时全部复制回旧侧。',
  },
  'back-as-left': {
    en: 'With loss: the old side is opened as it was left. What was written since the cutover is not there.',
    zh: '有损：旧侧按停用时的原样启用，割接以后写入的数据不在其中。',
  },
  'method-for-tracked': {
    en: 'The plan says that people move it with "{tool}", since {reason}.',
    zh: '计划写明由人员以“{tool}”迁移，理由：{reason}。',
  },
  'gap-attested': {
    en: 'What people attest of the rehearsal; nothing measures it.',
    zh: '以人员对演练的证明为准，无实测。',
  },
  'back-attested': {
    en: 'What the plan says, and nothing proves: a rollback loses {loses}',
    zh: '以计划所述为准，未经证实：回退损失 {loses}',
  },
  'needs-tracked': {
    en: 'a tool of its vendor, or people: evidence, figures, a signature and a review at each step; what a rollback loses',
    zh: '厂商的工具或人员：每一步的证据、指标、签字与验收，以及回退损失',
  },
  'length-seconds': { en: '{count} s', zh: '{count} 秒' },
  'length-minutes': { en: '{count} min', zh: '{count} 分钟' },
  'length-hours': { en: '{count} h', zh: '{count} 小时' },
  'needs-online-behind-pooler': {
    en: 'a superuser at both servers (at the new one the administrator of a managed service of PostgreSQL 16 or newer will do), replication from each to the other, pgbouncer in transaction or session pooling before it',
    zh: '两侧服务器的超级用户（新侧可为 PostgreSQL 16 或更新托管服务的管理员）、双向复制连通，前面有 pgbouncer',
  },
  'needs-online-direct': {
    en: 'a superuser at both servers (at the new one the administrator of a managed service of PostgreSQL 16 or newer will do), replication from each to the other, every client on a host of the plan',
    zh: '两侧服务器的超级用户（新侧可为 PostgreSQL 16 或更新托管服务的管理员）、双向复制连通，所有客户端都在计划内的主机上',
  },
  'needs-file-passes': {
    en: 'SSH to both hosts, and a dataset beside it that is switched',
    zh: '两侧主机的 SSH，以及同一计划中被切换的数据集',
  },
  'needs-commands-copied-back': {
    en: 'stop.sh, is-stopped.sh, start.sh, is-running.sh, measure.sh, give.sh and take.sh of its vendor in the folder of the playbook "deploy", on both sides',
    zh: '厂商在剧本“deploy”文件夹中提供两侧的 stop.sh、is-stopped.sh、start.sh、is-running.sh、measure.sh、give.sh 和 take.sh',
  },
  'needs-commands-as-left': {
    en: 'the same without take.sh on the old side or give.sh on the new one',
    zh: '同上，但旧侧没有 take.sh 或新侧没有 give.sh',
  },
})

/** What the assessment finds of methods; `remedy-…` is what to do about it. */
export const methodFindings = words({
  'gap-over-policy': {
    en: 'The switch of "{dataset}" may interrupt writes for {gap}, and the policy allows {allowed} (maxWriteGapMs).',
    zh: '“{dataset}”的切换最长可能写中断 {gap}，策略只允许 {allowed}（maxWriteGapMs）。',
  },
  'remedy-gap-over-policy': {
    en: 'Agree with the owner on a stop that the policy allows: lower "longest-stop-minutes" of the plan, or raise maxWriteGapMs. Or waive it for this dataset, with the reason.',
    zh: '与所属部门商定策略允许的停机时长：调低计划的“longest-stop-minutes”，或调高 maxWriteGapMs；或说明理由豁免该数据集。',
  },
  'gap-over-ledger': {
    en: 'The switch of "{dataset}" may interrupt writes for {gap}, and the ledger has {acceptable} as its acceptable downtime.',
    zh: '“{dataset}”的切换最长可能写中断 {gap}，台账的可接受停机时长为 {acceptable}。',
  },
  'remedy-gap-over-ledger': {
    en: 'Choose a method with a shorter gap, lower "longest-stop-minutes" of the plan, or have the department correct its cell of the ledger. Or waive it for this dataset, with the reason.',
    zh: '改用中断更短的迁移方法，调低计划的“longest-stop-minutes”，或由所属部门更正台账；或说明理由豁免该数据集。',
  },
  'policy-gap-over-ledger': {
    en: 'The policy allows a write gap of {allowed} (maxWriteGapMs), and the ledger has {acceptable} as the acceptable downtime: a rehearsal could pass that the department does not accept.',
    zh: '策略允许写中断 {allowed}（maxWriteGapMs），台账的可接受停机时长为 {acceptable}：演练可能通过，但所属部门不能接受。',
  },
  'remedy-policy-gap-over-ledger': {
    en: 'Lower maxWriteGapMs of the policy to what the ledger says, or have the department correct its cell.',
    zh: '将策略的 maxWriteGapMs 调低到台账的时长，或由所属部门更正台账。',
  },
  'method-other-possible': {
    en: '"{dataset}" is moved with the system stopped, and on its host "{host}" there runs what is moved online as a dataset of the family "{family}".',
    zh: '“{dataset}”按停机方式迁移，而其主机“{host}”上运行着可按数据族“{family}”在线迁移的服务。',
  },
  'remedy-method-other-possible': {
    en: 'Plan it as a dataset of that family: its gap is seconds, and a rollback loses nothing. Or waive it for this dataset, with the reason why it is stopped.',
    zh: '请按该数据族列入计划：中断只有数秒，回退不丢数据；或说明停机迁移的理由，豁免该数据集。',
  },
})
