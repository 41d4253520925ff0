/** What a drafted plan says in its comments, and how it is asked for. */
export const planDraftMessages = {
  init: {
    en: 'Write a plan for a system of the ledger, as far as it is known',
    zh: '按台账为一个系统编写计划草稿，已知内容均予填写',
  },
  flagFrom: { en: 'Id of the system in the ledger', zh: '台账中的系统编号' },
  flagPlan: {
    en: 'Name of the plan; default: the system and the year',
    zh: '计划名称；默认为系统编号加年份',
  },
  flagHost: {
    en: 'A host, as ROLE=user@address[:port]; ROLE is old, staging, new or entry. May be given several times',
    zh: '一台主机，格式为 ROLE=user@address[:port]；ROLE 为 old、staging、new 或 entry。可多次给出',
  },
  flagEntry: { en: 'The same as --host entry=…', zh: '同 --host entry=…' },
  flagDatabase: { en: 'Name of the database, on each side', zh: '数据库名称（各侧相同）' },
  flagSecret: {
    en: 'Name of a secret, as KIND=NAME; KIND is ssh, admin-old, admin-staging, admin-new, app or pgbouncer',
    zh: '凭据名称，格式为 KIND=NAME；KIND 为 ssh、admin-old、admin-staging、admin-new、app 或 pgbouncer',
  },
  flagProvider: { en: 'Organisation of the cloud provider', zh: '云服务商单位' },
  flagVendor: {
    en: 'Organisation of the vendor, where the ledger has none',
    zh: '承建厂商单位（台账未登记时）',
  },
  flagOperations: { en: 'Organisation of operations', zh: '运维单位' },
  flagOutput: { en: 'File to write; default: standard output', zh: '写入的文件；默认为标准输出' },
  badHost: {
    en: '--host "{value}" is not a role and a host. Give old, staging, new or entry and where to log in, for example --host old=qianyun@10.1.2.11:22',
    zh: '--host 的“{value}”不是角色和主机。请给出 old、staging、new 或 entry 及登录位置，例如 --host old=qianyun@10.1.2.11:22',
  },
  badSecret: {
    en: '--use-secret "{value}" is not a kind and a name. Kinds are {kinds}, for example --use-secret ssh=permit-office-ssh',
    zh: '--use-secret 的“{value}”不是类别和名称。类别有 {kinds}，例如 --use-secret ssh=permit-office-ssh',
  },
  badDatabase: {
    en: '--database "{value}" is not the name of a database. Give letters, digits, ".", "_" and "-", for example --database permits',
    zh: '--database 的“{value}”不是数据库名称。应由字母、数字及“.”“_”“-”组成，例如 --database permits',
  },
  badName: {
    en: '{flag} "{value}" is not lower case letters, digits and hyphens. Give for example {flag} permit-office',
    zh: '{flag} 的“{value}”应由小写字母、数字和连字符组成。例如 {flag} permit-office',
  },
  vendorOfLedger: {
    en: '--vendor "{vendor}": the ledger has "{known}" as the vendor of "{system}". Leave the flag out, or correct the ledger',
    zh: '--vendor 为“{vendor}”，而台账中“{system}”的承建厂商为“{known}”。请去掉该参数，或更正台账',
  },
  fileThere: {
    en: 'The file "{path}" is there already. Name another one with --output',
    zh: '文件“{path}”已存在。请用 --output 指定另一个文件',
  },
  written: {
    en: 'The plan is written to "{path}"; {count} places are to be filled in yet, and "{program} plan create {path}" names what is missing.',
    zh: '计划已写入“{path}”，尚有 {count} 处待填写；“{program} plan create {path}”会指出缺少的内容。',
  },
  cannot: { en: 'No plan can be created yet: {reason}', zh: '尚不能建立计划：{reason}' },
  classified: {
    en: 'the ledger has the system as classified (涉密), and classified systems do not go to the cloud.',
    zh: '台账中该系统为涉密系统，涉密系统不上云。',
  },
  classifiedUnknown: {
    en: 'the ledger does not know whether the system is classified. Ask its department, and import the row again.',
    zh: '台账尚不知该系统是否涉密。请向其部门核实后重新导入。',
  },
  levelUnknown: {
    en: 'the ledger does not know the level of 等保 (MLPS). Ask its department, and import the row again.',
    zh: '台账尚不知该系统的等保级别。请向其部门核实后重新导入。',
  },
  levelTooHigh: {
    en: 'the system is of level {level} of 等保 (MLPS), and level 3 and below go to the cloud.',
    zh: '该系统等保级别为 {level} 级，只有 3 级及以下上云。',
  },
} as const

/** The comments of the file, in its order. */
export const planDraftComments = {
  head: {
    en: 'Plan to move "{name}". What the ledger says, and what was given, is filled in. A line such as "# name: value  # what it is" is missing: take off its first #, and write the value.',
    zh: '“{name}”的迁移计划。台账所载和命令给出的内容已填写。形如“# 名称: 值  # 含义”的行尚缺：去掉行首的 #，并填写其值。',
  },
  schema: {
    en: 'For editors, write the schema beside this file: {program} plan schema > plan.schema.json',
    zh: '供编辑器使用，请将结构定义写到本文件旁：{program} plan schema > plan.schema.json',
  },
  create: {
    en: 'What is missing is named by: {program} plan create FILE   (what each part means: docs/plans.md)',
    zh: '查看缺少的内容：{program} plan create FILE   （各部分的含义见 docs/plans.md）',
  },
  ledger: {
    en: 'In the ledger: network {network}, level of 等保 (MLPS) {level}, classified {classified}.',
    zh: '台账：网络 {network}，等保级别 {level}，涉密 {classified}。',
  },
  hosts: {
    en: 'by name; each has one role, and a role may have several hosts',
    zh: '按名称；每台主机一个角色，一个角色可有多台主机',
  },
  hostOf: {
    source: { en: 'a host the system runs on now', zh: '系统现在所在的主机' },
    staging: { en: 'where rehearsal and trial run take place', zh: '测试演练和试运行所在的主机' },
    target: { en: 'a host in the cloud it moves to', zh: '云上主机' },
    entry: { en: 'the host that users and applications come through', zh: '用户和应用经由的入口主机' },
  },
  hostKey: {
    en: 'read at the console of the host: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub',
    zh: '在该主机控制台上读取：ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub',
  },
  datasets: { en: 'what the system keeps and must not lose, by name', zh: '系统不可丢失的数据，按名称' },
  database: { en: 'name of the database there', zh: '该处的数据库名称' },
  adminUser: { en: 'a superuser of the server', zh: '该服务器的超级用户' },
  managed: {
    en: 'where it is one of a managed service (PostgreSQL 16 or newer), whose administrator is no superuser',
    zh: '托管服务（PostgreSQL 16 或更新）的数据库写明此项，其管理员不是超级用户',
  },
  appRoles: { en: 'the roles the application logs in with', zh: '应用登录所用的角色' },
  files: {
    en: 'A folder the application keeps files in, on each side; leave it out where there is none:',
    zh: '应用存放文件的目录（各侧）；没有则省略：',
  },
  applications: { en: 'the programs that users reach, by name', zh: '用户访问的应用，按名称' },
  healthPath: { en: 'answers 2xx while the application works', zh: '应用正常时返回 2xx 的路径' },
  writeProbe: {
    en: 'one write through the public address, read back there; required in production (docs/plans.md)',
    zh: '经公开地址写入一条并读回；生产环境必填（docs/plans.md）',
  },
  probePath: { en: 'takes the write', zh: '接受写入的路径' },
  probeBody: { en: 'its body; {unique} becomes a unique text', zh: '请求正文；{unique} 会替换为唯一文本' },
  readPath: { en: 'shows it again', zh: '读回的路径' },
  sites: { en: 'one for each host the application runs on', zh: '应用所在的每台主机一项' },
  url: { en: 'where it answers on that host', zh: '应用在该主机上的地址' },
  directory: { en: 'the folder of its code', zh: '应用代码所在目录' },
  configFile: { en: 'its configuration, which names the database', zh: '应用的配置文件（写有数据库位置）' },
  service: { en: 'its service, of systemd or runit', zh: '应用的服务名（systemd 或 runit）' },
  endpoints: {
    en: 'what users and applications reach, and a switch points to the other side',
    zh: '用户和应用访问的入口，割接时指向另一侧',
  },
  pooler: {
    en: 'pgbouncer in front of the database, with transaction or statement pooling',
    zh: '数据库前的 pgbouncer，事务或语句级连接池',
  },
  poolerPort: { en: 'the port it listens on', zh: '监听端口' },
  poolerAddress: { en: 'the address applications reach it at', zh: '应用访问它的地址' },
  poolerUser: { en: 'one of its admin_users', zh: '其 admin_users 之一' },
  databasesFile: {
    en: 'a file of its own with the line of the database, included by pgbouncer.ini',
    zh: '单独存放数据库行的文件，由 pgbouncer.ini 引入',
  },
  entryName: { en: 'the name applications connect by', zh: '应用连接所用的名称' },
  proxy: { en: 'the reverse proxy in front of the application', zh: '应用前的反向代理' },
  publicUrl: { en: 'the address users open', zh: '用户访问的地址' },
  proxyConfig: { en: 'the file with the server lines', zh: '写有 server 行的文件' },
  proxyService: { en: 'the service of the proxy', zh: '代理的服务名' },
  backend: { en: 'its backend, or upstream of nginx', zh: '代理的 backend（nginx 为 upstream）' },
  servers: {
    en: 'lines of the backend, as many as a side has sites, or more',
    zh: 'backend 中的 server 行，不少于一侧的应用数',
  },
  playbooks: {
    en: 'by name of their folder; see {program} playbook list',
    zh: '按目录名；见 {program} playbook list',
  },
  deploy: {
    en: "the vendor's own: how the application is installed. Playbooks of this server: {known}",
    zh: '由承建厂商编写：如何安装应用。本服务器的剧本：{known}',
  },
  playbookMissing: { en: 'this server has no playbook "{usual}"', zh: '本服务器没有剧本“{usual}”' },
  organisations: { en: 'each with an account of that role', zh: '每个单位都须有该角色的账号' },
  organisationOf: {
    owner: { en: 'the owning department', zh: '所属部门' },
    provider: { en: 'the cloud provider', zh: '云服务商' },
    vendor: { en: 'the vendor; the ledger has none', zh: '承建厂商；台账未登记' },
    operations: { en: 'who runs the cutover', zh: '负责割接的运维单位' },
    coordinator: { en: 'the coordination team', zh: '协调小组' },
  },
  policy: { en: 'defaults stand in the lines with #', zh: '带 # 的行为默认值' },
  waivers: {
    en: 'findings that are accepted, each with rule, pattern and reason; the assessment names them',
    zh: '接受的评估结论，各写 rule、pattern 和 reason；由评估得出',
  },
  inputs: { en: "values of the playbooks' inputs", zh: '剧本输入项的值' },
  secrets: {
    en: 'On the machine that keeps them, the secrets are written to files and bound to what they are for:',
    zh: '请在保存凭据的机器上写入各凭据文件，并说明其用途：',
  },
} as const
