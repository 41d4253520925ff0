import { words } from './message.ts'

/** What an application would find otherwise on its new host than on its old one, by the rule of each. */
export const unlikeHosts = words({
  'hosts-differ': {
    en: 'Applications would not run on the new hosts as they do on the old ones. {problems:sentences} Where a program has a setting of its own, or the difference is meant, skip the step with that reason, or put a waiver of that rule into the next plan.',
    zh: '应用在新主机上的运行环境与旧主机不一致。{problems:sentences}如程序另有自己的设置，或差异是有意的，请说明理由后跳过该步骤，或在下一份计划中写入该规则的豁免。',
  },
  'host-time-zone-differs': {
    en: 'The time zone of the new host "{to}" is "{toText}", that of the old host "{from}" is "{fromText}": scheduled jobs would run at other hours, and applications would write other local times. Set it on "{to}" (timedatectl set-timezone), start cron and the services there anew, then retry (rule "host-time-zone-differs", object "{object}").',
    zh: '新主机“{to}”的时区为“{toText}”，旧主机“{from}”为“{fromText}”：定时任务会在别的时刻执行，应用会写入不同的本地时间。请在“{to}”上设置时区（timedatectl set-timezone），重新启动 cron 和服务后重试（规则“host-time-zone-differs”，对象“{object}”）。',
  },
  'setting-not-told': { en: 'unknown', zh: '未知' },
  'host-locale-differs': {
    en: 'The locale of the new host "{to}" is "{toText}", that of the old host "{from}" is "{fromText}": programs may read and write texts in another encoding, and sort and format them otherwise. Set it on "{to}" (/etc/locale.conf, or /etc/default/locale of Debian), start the services there anew, then retry (rule "host-locale-differs", object "{object}").',
    zh: '新主机“{to}”的区域设置为“{toText}”，旧主机“{from}”为“{fromText}”：程序读写文本的编码、排序和格式可能不同。请在“{to}”上设置（/etc/locale.conf，Debian 为 /etc/default/locale），重新启动服务后重试（规则“host-locale-differs”，对象“{object}”）。',
  },
  'host-clock-differs': {
    en: 'The clocks of the new host "{to}" and of the old host "{from}" are {seconds} seconds apart or more: tokens of one are not valid yet on the other, and jobs of a scheduler that both share fire twice or late. Let both follow the same source of time (chrony, ntp), then retry (rule "host-clock-differs", object "{object}").',
    zh: '新主机“{to}”与旧主机“{from}”的时钟至少相差 {seconds} 秒：一侧签发的令牌在另一侧可能尚未生效，两侧共用的调度器会重复或延迟触发任务。请让两台主机与同一时间源同步（chrony、ntp）后重试（规则“host-clock-differs”，对象“{object}”）。',
  },
  'host-lacks-authorities': {
    en: 'The old host "{from}" trusts certificates that somebody has added there ("{files}"), and the new host "{to}" does not: connections from it to services with certificates of that authority fail. Add them there (/usr/local/share/ca-certificates and update-ca-certificates, or /etc/pki/ca-trust/source/anchors and update-ca-trust; for Java its own trust store as well), then retry (rule "host-lacks-authorities", object "{object}").',
    zh: '旧主机“{from}”信任后来添加的证书（“{files}”），新主机“{to}”不信任：从新主机连接由该机构签发证书的服务会失败。请在新主机上添加（/usr/local/share/ca-certificates 后执行 update-ca-certificates，或 /etc/pki/ca-trust/source/anchors 后执行 update-ca-trust；Java 还有自己的信任库）后重试（规则“host-lacks-authorities”，对象“{object}”）。',
  },
  'host-takes-less': {
    en: 'On the new host "{to}" less is taken from a request than on the old host "{from}" (there in brackets): {settings}. Uploads and forms that went before are refused or cut. Set it on "{to}" as on "{from}" and reload the service, then retry (rule "host-takes-less", object "{object}").',
    zh: '新主机“{to}”允许的请求小于旧主机“{from}”（括号内为旧主机的值）：{settings}。此前可用的上传和表单会被拒绝或截断。请在“{to}”上设为与“{from}”一致并重新加载服务后重试（规则“host-takes-less”，对象“{object}”）。',
  },
  'host-renews-not': {
    en: 'The old host "{from}" renews certificates by itself (certbot or acme.sh: "{certificates}"), and the new host "{to}" does not have that: they end there some weeks after the switch. Set it up on "{to}" with a challenge that works before the switch (dns-01, or a copy of the account and the certificates), or name who renews them, then retry (rule "host-renews-not", object "{object}").',
    zh: '旧主机“{from}”自动续期证书（certbot 或 acme.sh：“{certificates}”），新主机“{to}”没有配置：切换数周后证书将在那里到期。请在“{to}”上配置续期，并使用切换前即可完成的验证方式（dns-01，或复制账户和证书），或说明由谁续期，然后重试（规则“host-renews-not”，对象“{object}”）。',
  },
  'host-starts-no-renewal': {
    en: 'The new host "{to}" has the renewal of "{certificates}" set up, and nothing there starts it: no timer of certbot is enabled, and no crontab that can be read names it. Enable it (systemctl enable --now certbot.timer), then retry (rule "host-starts-no-renewal", object "{object}").',
    zh: '新主机“{to}”已配置“{certificates}”的续期，但没有任何东西会启动它：certbot 的定时器未启用，可读的 crontab 中也没有提到它。请启用（systemctl enable --now certbot.timer）后重试（规则“host-starts-no-renewal”，对象“{object}”）。',
  },
  'host-cron-ignores-zone': {
    en: 'Crontabs of the old host "{from}" set a time zone for their jobs (CRON_TZ in "{crontabs}"), and the cron of the new host "{to}" does not heed that: the jobs run at another hour there. Install cronie on "{to}", or write the hours in the time zone of the host, then retry (rule "host-cron-ignores-zone", object "{object}").',
    zh: '旧主机“{from}”的 crontab 为其任务设置了时区（“{crontabs}”中的 CRON_TZ），新主机“{to}”的 cron 不支持：任务会在别的时刻执行。请在“{to}”上安装 cronie，或按该主机的时区改写时刻，然后重试（规则“host-cron-ignores-zone”，对象“{object}”）。',
  },
  'host-removes-shared-memory': {
    en: 'On the new host "{to}" PostgreSQL runs as "{user}", an ordinary user who logs in there, and the host removes shared memory of such a user as a session ends (RemoveIPC): statements fail with "could not open shared memory segment". Set RemoveIPC=no in /etc/systemd/logind.conf and restart systemd-logind, then retry (rule "host-removes-shared-memory", object "{object}").',
    zh: '新主机“{to}”上的 PostgreSQL 以会登录的普通用户“{user}”运行，而该主机在此类用户的会话结束时会删除其共享内存（RemoveIPC）：语句会以“could not open shared memory segment”失败。请在 /etc/systemd/logind.conf 中设置 RemoveIPC=no 并重启 systemd-logind 后重试（规则“host-removes-shared-memory”，对象“{object}”）。',
  },
  'host-cleans-folder': {
    en: 'The new host "{to}" empties the folder "{path}", by age or as it is started anew (tmpfiles.d: "{line}"): copied files keep their old times and are the first to go. Put the data elsewhere, or take the folder out with a line "x {path}" in /etc/tmpfiles.d, then retry (rule "host-cleans-folder", object "{object}").',
    zh: '新主机“{to}”会按文件时间或在重启时清空目录“{path}”（tmpfiles.d：“{line}”）：复制来的文件保留原有时间，最先被删除。请把数据放到别处，或在 /etc/tmpfiles.d 中用一行“x {path}”排除该目录，然后重试（规则“host-cleans-folder”，对象“{object}”）。',
  },
  'host-mount-passes': {
    en: 'The folder "{path}" of the new host "{to}" lies on "{mount}", which was mounted by hand: neither /etc/fstab nor a unit of systemd brings it back. After the host is started anew the application writes into the empty folder below it. Write the mount into /etc/fstab by its UUID, then retry (rule "host-mount-passes", object "{object}").',
    zh: '新主机“{to}”的目录“{path}”位于手工挂载的“{mount}”上：/etc/fstab 和 systemd 单元中都没有它。主机重启后，应用会写入其下的空目录。请按 UUID 将该挂载写入 /etc/fstab 后重试（规则“host-mount-passes”，对象“{object}”）。',
  },
  'host-label-differs': {
    en: 'SELinux enforces its rules on the new host "{to}", where the folder "{path}" has the type "{toText}"[?; on "{from}" it has "{fromText}"]: services may not be allowed to read or write it, and labels are not copied. Give it its type (semanage fcontext -a -t … and restorecon -R), then retry (rule "host-label-differs", object "{object}").',
    zh: '新主机“{to}”上 SELinux 处于强制模式，目录“{path}”的类型为“{toText}”[?；在“{from}”上为“{fromText}”]：服务可能无权读写它，而标签不会被复制。请为其设置类型（semanage fcontext -a -t … 后执行 restorecon -R）后重试（规则“host-label-differs”，对象“{object}”）。',
  },
  'secrets-differ': {
    en: 'The application would sign or decrypt with other keys than before. {problems:sentences} Where a new key is meant, put a waiver of that rule into the next plan.',
    zh: '应用将使用与此前不同的密钥签名或解密。{problems:sentences}如确需更换密钥，请在下一份计划中写入该规则的豁免。',
  },
  'secret-differs': {
    en: '"{name}" has another value in "{toFile}" on "{to}" than in "{fromFile}" on "{from}" (compared by digests; no value was read from there): users are logged out at the switch, and what was encrypted or signed with it cannot be read. Set it on "{to}" as on "{from}", restart the application, then retry (rule "secret-differs", object "{object}").',
    zh: '“{name}”在“{to}”的“{toFile}”中与“{from}”的“{fromFile}”中取值不同（以摘要比对，未读取任何值）：切换后用户需要重新登录，以它加密或签名的内容将无法读取。请在“{to}”上设为与“{from}”一致并重启应用后重试（规则“secret-differs”，对象“{object}”）。',
  },
  'secret-missing': {
    en: '"{name}" is set in "{fromFile}" on "{from}", and not in "{toFile}" on "{to}" (compared by digests; no value was read from there): the application makes a new key or none, users are logged out at the switch, and what was encrypted or signed with it cannot be read. Set it on "{to}" as on "{from}", restart the application, then retry (rule "secret-differs", object "{object}").',
    zh: '“{name}”在“{from}”的“{fromFile}”中已设置，在“{to}”的“{toFile}”中没有（以摘要比对，未读取任何值）：应用会生成新的密钥或没有密钥，切换后用户需要重新登录，以它加密或签名的内容将无法读取。请在“{to}”上设为与“{from}”一致并重启应用后重试（规则“secret-differs”，对象“{object}”）。',
  },
})
