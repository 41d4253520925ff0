import { refuse } from './refusal.mjs'

const fields =
  'p.id, p.idempotency_key AS key, p.type_code, p.applicant_name, p.address, p.status, p.fee_cents, p.submitted_at'

/** Accepts an application: the permit, its ledger rows and the department's account, in one transaction. */
export async function acceptPermit(database, input) {
  for (const name of ['key', 'typeCode', 'applicantName', 'idNumber', 'address']) {
    if (typeof input?.[name] !== 'string' || input[name] === '' || input[name].length > 200) {
      throw refuse(422, `"${name}" must be a text of 1 to 200 characters`)
    }
  }
  return database.transaction(async (client) => {
    const type = await client.query('SELECT department_id, fee_cents FROM permit_type WHERE code = $1', [
      input.typeCode,
    ])
    if (type.rowCount === 0) throw refuse(422, `there is no kind of permit "${input.typeCode}"`)
    const { department_id: department, fee_cents: fee } = type.rows[0]
    const inserted = await client.query(
      `INSERT INTO permit AS p (idempotency_key, type_code, applicant_name, id_number, address, fee_cents)
       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (idempotency_key) DO NOTHING RETURNING ${fields}`,
      [input.key, input.typeCode, input.applicantName, input.idNumber, input.address, fee],
    )
    if (inserted.rowCount === 0) return { created: false, permit: await findByKey(client, input.key) }
    const permit = inserted.rows[0]
    await client.query(`INSERT INTO ledger (permit_id, action, amount_cents) VALUES ($1, 'fee', $2)`, [
      permit.id,
      fee,
    ])
    await client.query('UPDATE account SET balance_cents = balance_cents + $2 WHERE department_id = $1', [
      department,
      fee,
    ])
    return { created: true, permit }
  })
}

export async function findByKey(database, key) {
  const { rows } = await database.query(`SELECT ${fields} FROM permit p WHERE p.idempotency_key = $1`, [key])
  return rows[0]
}

export async function showPermit(database, id) {
  const { rows } = await database.query(
    `SELECT ${fields},
       (SELECT json_agg(l ORDER BY l.id) FROM ledger l WHERE l.permit_id = p.id) AS ledger,
       (SELECT json_agg(json_build_object('id', a.id, 'name', a.file_name, 'sha256', a.sha256) ORDER BY a.id)
          FROM attachment a WHERE a.permit_id = p.id) AS files
     FROM permit p WHERE p.id = $1`,
    [id],
  )
  return rows[0]
}

export async function listPermits(database, { status, name, before }) {
  const { rows } = await database.query(
    `SELECT ${fields} FROM permit p
     WHERE ($1::text IS NULL OR p.status = $1) AND ($2::text IS NULL OR p.applicant_name = $2) AND ($3::bigint IS NULL OR p.id < $3)
     ORDER BY p.id DESC LIMIT 20`,
    [status, name, before],
  )
  return rows
}

export async function recordVisit(database, page) {
  await database.query('INSERT INTO visit_log (page) VALUES ($1)', [page])
}
