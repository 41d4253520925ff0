INSERT INTO department (id, name) VALUES
  (1, '市场监督管理局'), (2, '自然资源局'), (3, '交通运输局'), (4, '文化和旅游局'), (5, '卫生健康委员会'), (6, '住房和城乡建设局');

INSERT INTO account (department_id) SELECT id FROM department;

INSERT INTO permit_type (code, name, department_id, fee_cents, seal_image) VALUES
  ('food', '食品经营许可', 1, 0, lo_from_bytea(0, decode(repeat('89504e470d0a1a0a', 2048), 'hex'))),
  ('signboard', '户外广告设施设置许可', 1, 12000, NULL),
  ('land-use', '建设用地规划许可', 2, 50000, NULL),
  ('road-dig', '占用挖掘道路许可', 3, 30000, NULL),
  ('transport', '道路运输经营许可', 3, 8000, NULL),
  ('performance', '营业性演出许可', 4, 5000, NULL),
  ('clinic', '医疗机构执业许可', 5, 20000, NULL),
  ('building', '建筑工程施工许可', 6, 60000, NULL);

WITH word AS (
  SELECT string_to_array('王,李,张,刘,陈,杨,赵,黄,周,吴,徐,孙,胡,朱,高,林,何,郭,马,罗', ',') AS family,
         string_to_array('伟,芳,娜,秀英,敏,静,丽,强,磊,军,洋,勇,艳,杰,娟,涛,明,超,秀兰,霞,平,刚,桂英,文博,雨桐,子涵,梓萱,浩然', ',') AS given,
         string_to_array('人民路,解放路,建设路,中山路,文化路,和平路,新华街,青年街,朝阳街,东风大道', ',') AS road,
         string_to_array('food,signboard,land-use,road-dig,transport,performance,clinic,building', ',') AS type,
         string_to_array('granted,granted,granted,reviewing,accepted,refused', ',') AS status
), numbered AS (
  -- Digits of an md5 are as good as dice, and fall the same way every time.
  SELECT n, ('x' || substr(md5(n::text), 1, 7))::bit(28)::int AS a, ('x' || substr(md5(n::text), 9, 7))::bit(28)::int AS b
  FROM generate_series(1, 5000) AS n
)
INSERT INTO permit (idempotency_key, type_code, applicant_name, id_number, address, status, fee_cents, submitted_at, updated_at)
SELECT 'seed-' || n, type[1 + a % 8], family[1 + b % 20] || given[1 + a / 8 % 28],
       '4401' || lpad((a % 100)::text, 2, '0') || (1950 + b % 55)::text || lpad((1 + a % 12)::text, 2, '0')
         || lpad((1 + b % 28)::text, 2, '0') || lpad((a % 10000)::text, 4, '0'),
       road[1 + b / 20 % 10] || (1 + a % 400) || '号', status[1 + b % 6], t.fee_cents, at.moment, at.moment
FROM numbered CROSS JOIN word
  JOIN permit_type t ON t.code = type[1 + a % 8]
  CROSS JOIN LATERAL (SELECT timestamptz '2024-01-02 09:00+08' + n * interval '3 hours' AS moment) AS at
ORDER BY n;

INSERT INTO ledger (permit_id, action, amount_cents, recorded_at)
  SELECT id, 'fee', fee_cents, submitted_at FROM permit ORDER BY id;
UPDATE account SET balance_cents = (
  SELECT coalesce(sum(p.fee_cents), 0) FROM permit p JOIN permit_type t ON t.code = p.type_code
  WHERE t.department_id = account.department_id);
INSERT INTO visit_log (visited_at, page)
  SELECT timestamptz '2025-09-01 08:00+08' + n * interval '7 minutes', '/permits' FROM generate_series(1, 3000) AS n;
INSERT INTO queue_ticket (ticket_no, window_no) SELECT n, 1 + n % 6 FROM generate_series(1, 40) AS n;
INSERT INTO daily_summary (day, accepted, fees_cents)
  SELECT (submitted_at AT TIME ZONE 'Asia/Shanghai')::date, count(*), sum(fee_cents) FROM permit GROUP BY 1;
REFRESH MATERIALIZED VIEW monthly_summary;
ANALYZE;
