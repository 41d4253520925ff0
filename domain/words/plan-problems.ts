import { words } from './message.ts'

/** What is wrong with a plan, after the name of its place: `"hosts.old-1" is named like a role …`. */
export const planProblems = words({
  'plan-too-large': {
    en: `comes to {found} KiB, where {most} KiB are the most; waive a schema's tables by one pattern such as "archive.*" in a plan of version 2, or shorten what was written`,
    zh: '共 {found} KiB，上限为 {most} KiB；请在第 2 版计划中用“archive.*”之类的一个匹配模式豁免整个模式的表，或缩短所写内容',
  },
  'plan-classified-unknown': {
    en: 'is "{system}", of which the ledger does not know whether it is classified (涉密): its cell "classified" is blank or "unknown". Ask its department, write true or false there and import it again',
    zh: '为“{system}”，台账尚不知其是否涉密：其“涉密”一格为空或“unknown”。请向其部门核实，填写 true 或 false 后重新导入',
  },
  'plan-classified': {
    en: 'is "{system}", which the ledger has as classified (涉密): classified systems do not go to the cloud',
    zh: '为“{system}”，台账中为涉密系统：涉密系统不上云',
  },
  'plan-level-unknown': {
    en: 'is "{system}", of which the ledger does not know the 等保 (MLPS) level: its cell "mlpsLevel" is blank or "unknown". Ask its department, write 0 (not graded) to 5 there and import it again',
    zh: '为“{system}”，台账尚不知其等保级别：其“等保级别”一格为空或“unknown”。请向其部门核实，填写 0（未定级）至 5 后重新导入',
  },
  'plan-level-too-high': {
    en: 'is "{system}", of 等保 (MLPS) level {level}, where the policy lets level {most} and below go to the cloud',
    zh: '为“{system}”，等保级别为 {level}，而策略只允许 {most} 级及以下上云',
  },
  'plan-owner-not-of-ledger': {
    en: 'is "{owner}", but the ledger has "{department}" as the department that owns "{system}". Name that department, or correct the ledger',
    zh: '为“{owner}”，而台账中“{system}”的所属部门为“{department}”。请改为该部门，或更正台账',
  },
  'plan-vendor-not-of-ledger': {
    en: 'is "{named}", but the ledger has "{vendor}" as the vendor of "{system}". Name that vendor, or correct the ledger',
    zh: '为“{named}”，而台账中“{system}”的承建厂商为“{vendor}”。请改为该厂商，或更正台账',
  },
  'plan-system-not-in-ledger': {
    en: 'is "{system}", which is not in the ledger; import it first',
    zh: '为“{system}”，不在台账中；请先导入',
  },
  'plan-ledger-changed': {
    en: 'is "{system}", and the ledger has changed since the plan was made: {contradictions:sentences} Make a new plan',
    zh: '为“{system}”，计划建立之后台账有变化：{contradictions:sentences}请另建计划',
  },
  'plan-party-twice': {
    en: 'is "{organisation}", who is the {other} too; parties who recognise the report are different organisations',
    zh: '为“{organisation}”，该单位同时也是“{other}”；共同认可报告的各方应为不同单位',
  },
  'plan-organisation-without-account': {
    en: 'is "{organisation}", of which there is no account with the role {role:role}, so that nobody could {role:duty}. Name the organisation that does so, or have the administrator of this server add an account: npm run account -- add ACCOUNT --role {role} --organisation {organisation}',
    zh: '为“{organisation}”，该单位没有角色为{role:role}的账号，无人能{role:duty}。请改为承担此项的单位，或请本服务器的管理员建立账号：npm run account -- add ACCOUNT --role {role} --organisation {organisation}',
  },
  'plan-organisation-without-key': {
    en: 'is "{organisation}", of which no account with the role {role:role} has a key, so that nobody could {role:duty}. Name the organisation that does so, or have the administrator of this server add an account with a key: npm run account -- add ACCOUNT --role {role} --organisation {organisation}',
    zh: '为“{organisation}”，该单位角色为{role:role}的账号都没有签名密钥，无人能{role:duty}。请改为承担此项的单位，或请本服务器的管理员建立有密钥的账号：npm run account -- add ACCOUNT --role {role} --organisation {organisation}',
  },
  'plan-playbook-none': {
    en: 'is "{playbook}", whose "playbook.yaml" is no playbook; "playbook lint" says what is wrong with it',
    zh: '为“{playbook}”，其“playbook.yaml”不是有效的剧本；“playbook lint”会说明问题',
  },
  'plan-playbook-without-wipe': {
    en: 'is "{playbook}", which has no step of kind "wipe": nothing would remove the old data and prove it',
    zh: '为“{playbook}”，其中没有“wipe”类步骤：无法清除旧侧数据并取证',
  },
  'plan-playbook-unknown': {
    en: 'is "{playbook}", but there is no such playbook',
    zh: '为“{playbook}”，没有该剧本',
  },
  'plan-playbook-file': {
    en: 'is "{playbook}", whose file "{file}" {problem}',
    zh: '为“{playbook}”，其文件“{file}” {problem}',
  },
  'plan-place-taken': {
    en: 'is "{is}", which the move "{migration}" by the plan "{plan}" works on as its "{path}"; wait until it has ended, or name another place',
    zh: '为“{is}”，正由迁移“{migration}”（计划“{plan}”的“{path}”）使用；请等待其结束，或改用其他位置',
  },
  'plan-place-of-others': {
    en: 'is "{is}", which a move of others works on; name another place, or have an administrator of this server say whose it is',
    zh: '为“{is}”，正由他人的迁移使用；请改用其他位置，或请本服务器的管理员告知其归属',
  },
  'policy-party-missing': {
    en: 'leaves out "{party}", who must always recognise the report',
    zh: '缺少“{party}”，该方必须认可报告',
  },
  'policy-party-repeated': { en: 'names a party twice', zh: '重复列出了同一方' },
  'policy-retention-short': {
    en: 'is "{found}", under the floor of three calendar months; say "{least}" or more',
    zh: '为“{found}”，少于最低的三个日历月；应为“{least}”或更长',
  },
  'policy-trial-run-short': {
    en: 'is "{seconds}" seconds, under the floor of one day; say "{least}" or more',
    zh: '为“{seconds}”秒，少于最低的一天；应为“{least}”或更长',
  },
  'role-without-host': {
    en: 'has no host with the role "{role}"; source, staging and target are one host each at least',
    zh: '没有角色为“{role}”的主机；“source”、“staging”和“target”各至少一台',
  },
  'host-not-of-plan': {
    en: 'is "{host}", which is no host of the plan; expected one of "{known}"',
    zh: '为“{host}”，计划中没有该主机；应为“{known}”之一',
  },
  'jump-host-not-of-plan': {
    en: 'is "{via}", which is no jump host of the plan; expected one of "{known}"',
    zh: '为“{via}”，计划中没有该跳板机；应为“{known}”之一',
  },
  'jump-hosts-none': {
    en: 'is "{via}", and the plan has no jump hosts; describe it under "jumpHosts"',
    zh: '为“{via}”，而计划中没有跳板机；请在“jumpHosts”中写明',
  },
  'jump-host-unused': {
    en: 'is the way to no host; name it as "via" of a host, or remove it',
    zh: '没有主机经由它到达；请在某台主机的“via”中写明，或将其删除',
  },
  'jump-hosts-in-circle': {
    en: 'goes round in a circle ("{way}"); one of them has to be reached without another',
    zh: '形成环路（“{way}”）；其中一台须可不经其他跳板机到达',
  },
  'host-of-no-role': {
    en: 'is "{host}", which is no host of the plan; expected a host with the role "{role}"',
    zh: '为“{host}”，计划中没有该主机；应为角色为“{role}”的主机',
  },
  'host-of-other-role': {
    en: 'is "{host}", a host with the role "{found}"; expected one with "{role}"',
    zh: '为“{host}”，该主机的角色为“{found}”；应为“{role}”',
  },
  'host-named-like-role': {
    en: 'is named like a role and has the role "{role}"; give it a name that is no role',
    zh: '名称与某角色相同，而其角色为“{role}”；请改用不是角色的名称',
  },
  'host-named-like-shared-role': {
    en: 'is named like its role, which is that of {count} more; give each host a name of its own',
    zh: '名称与其角色相同，而另有 {count} 台主机也是该角色；请为各台分别命名',
  },
  'host-in-other-zone': {
    en: 'is "{zone}", where "{other}" is in "{otherZone}"; the hosts of one role share a zone',
    zh: '为“{zone}”，而“{other}”在“{otherZone}”；同一角色的主机应在同一网络区域',
  },
  'host-named-twice': {
    en: 'is "{address}", which is {other} too; name a host once',
    zh: '为“{address}”，与{other}相同；一台主机只列一次',
  },
  'host-of-two-sides': {
    en: 'is "{address}", which is {other} too; source, staging and target are different places',
    zh: '为“{address}”，与{other}相同；“source”、“staging”和“target”应为不同的位置',
  },
  'host-called-by-role': { en: 'the {role}', zh: '“{role}”主机' },
  'host-called-by-name': { en: '"{host}" ({role})', zh: '“{host}”（{role}）' },
  'dataset-of-unknown-family': {
    en: 'is the unknown family "{family}"; expected one of "{known}"',
    zh: '为未知的数据族“{family}”；应为“{known}”之一',
  },
  'dataset-source-managed': {
    en: 'must be left out: a managed service can be moved into, as staging or target, and not out of; the old side needs a superuser',
    zh: '不应填写：托管服务只能作为迁入的一侧（staging 或 target），不能作为旧侧；旧侧需要超级用户',
  },
  'dataset-place-twice': {
    en: 'is where "{other}" lies too; a place is named once',
    zh: '与“{other}”在同一位置；一个位置只列一次',
  },
  'dataset-place-of-two-sides': {
    en: 'is where the {role} of "{other}" lies too; source, staging and target are different places',
    zh: '与“{other}”的“{role}”在同一位置；“source”、“staging”和“target”应为不同的位置',
  },
  'dataset-switched-not-one': {
    en: 'has {found} to be switched, where one switch carries one dataset of the family "{families}", or several of "{several}"; plan what is switched apart as the move of a system of its own',
    zh: '要切换的有{found}，而一次切换只能带一个“{families}”数据集，或多个“{several}”数据集；请把分开切换的作为单独系统的迁移来计划',
  },
  'dataset-file-missing': {
    en: 'needs the file "{file}" in the folder of the playbook that deploys the application, which has none; add it, or say that this side is without it ("without")',
    zh: '需要部署剧本文件夹中的文件“{file}”，但没有该文件；请补充，或注明该侧不具备（“without”）',
  },
  'dataset-none': { en: 'none', zh: '零个' },
  'dataset-of-family': { en: '"{dataset}" ({family})', zh: '“{dataset}”（{family}）' },
  'entry-not-one': {
    en: 'has {count} of the kinds "{kinds}" that front "{dataset}"; expected is one, which says how its clients reach it ("none" where they connect to its server)',
    zh: '中“{dataset}”之前的“{kinds}”入口有 {count} 个；应为一个，说明其客户端如何到达数据库（直接连接数据库服务器的写“none”）',
  },
  'entry-fronts-no-dataset': {
    en: 'is "{fronts}", which is no dataset of the plan; "{kind}" fronts one',
    zh: '为“{fronts}”，计划中没有该数据集；“{kind}”应位于一个数据集之前',
  },
  'entry-of-other-family': {
    en: 'is "{fronts}" of the family "{family}", which has no endpoint of kind "{kind}"',
    zh: '为“{fronts}”，其数据族“{family}”没有“{kind}”入口',
  },
  'application-none': {
    en: 'is empty; a system has one application at least',
    zh: '为空；一个系统至少有一个应用',
  },
  'site-twice-on-host': {
    en: 'is "{host}", where the application has a site already; one a host',
    zh: '为“{host}”，该应用在此主机上已有站点；每台主机一个',
  },
  'site-of-two-applications': {
    en: 'has "{url}" on "{host}", which is a site of "{other}" too; a site is one application\'s',
    zh: '在“{host}”上有“{url}”，它也是“{other}”的站点；一个站点只属于一个应用',
  },
  'application-not-fronted': {
    en: 'has none of kind "http" that fronts the application "{application}"; nothing would send its users to the new side',
    zh: '中没有位于应用“{application}”之前的“http”入口；用户无法转到新侧',
  },
  'write-probe-missing': {
    en: 'is missing: in production a write through the public address proves the new side',
    zh: '缺失：生产环境中须由经公共地址的写入证明新侧可用',
  },
  'probe-value-unknown': {
    en: 'has "{name}" in braces, which stands for nothing there: name it under "secrets", or under "take" of an earlier request',
    zh: '花括号中的“{name}”在此处没有所指：请在“secrets”下，或在此前请求的“take”下给出',
  },
  'write-probe-of-none': {
    en: 'have no "writeProbe": in production a write through the public address of one proves the new side',
    zh: '均没有“writeProbe”：生产环境中须由经其中之一的公共地址的写入证明新侧可用',
  },
  'endpoint-fronts-no-application': {
    en: 'is "{fronts}", which is no application of the plan; "http" fronts one',
    zh: '为“{fronts}”，计划中没有该应用；“http”应位于一个应用之前',
  },
  'server-lines-too-few': {
    en: 'has too few server lines ({count}): "{application}" has {sites} sites on one side; name as many as there are sites, or more',
    zh: '只有 {count} 个服务器行，而“{application}”一侧有 {sites} 个站点；服务器行不得少于站点数',
  },
  'server-line-twice': { en: 'names a server line twice', zh: '重复列出了同一服务器行' },
  'server-line-of-two': {
    en: 'has server lines of the backend "{backend}" that "{other}" switches too; a line is switched by one',
    zh: '含有 backend“{backend}”中也由“{other}”切换的服务器行；一行只由一个入口切换',
  },
})
